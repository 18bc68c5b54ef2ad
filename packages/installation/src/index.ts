export { backUp, UnfitBackupFolder, type BackedUp, type BackupOptions } from './backup.ts'
export { missingBlobs } from './blob-copy.ts'
export { filesOpenToOthers, folderState, freeSpace, keyFileState, missingDatabaseFile } from './doctor/folder.ts'
export { peopleShutOut, recountBots, stuckTasks } from './doctor/recount.queries.ts'
export { sealedState } from './doctor/sealed.ts'
export { InstallationFault, type FaultKind } from './installation-fault.ts'
export { findSecret, readKeyAt, takeSecret, type Secret } from './key.ts'
export {
  appOver,
  isInUse,
  migrateDatabases,
  openDatabases,
  openInstallation,
  requireDatabase,
  type AppParts,
  type OpenInstallation,
  type OpenOptions,
} from './open.ts'
export { backupFolderName, blobFolderName, isEmbedded, keyFileName, keyFileOf, type Place } from './place.ts'
export { restoreBackup, restoreDatabase, type KeyState, type Restored, type RestoreOptions } from './restore.ts'
