export { backUp, UnfitBackupFolder, type BackedUp, type BackupOptions } from './backup.ts'
export { missingBlobs } from './blob-copy.ts'
export { lacksDatabase } from './data-folder.ts'
export { filesOpenToOthers, folderState, freeSpace, keyFileState, missingDatabaseFile } from './doctor/folder.ts'
export {
  peopleShutOut,
  recountBots,
  stuckTasks,
  type ShutOut,
  type StuckTask,
  type WrongGauge,
} from './doctor/recount.queries.ts'
export { sealedState, type SealedState } from './doctor/sealed.ts'
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
export {
  backupFolderName,
  blobFolderName,
  blobFolderOf,
  isEmbedded,
  keyFileName,
  keyFileOf,
  type Place,
} from './place.ts'
export {
  restoreBackup,
  restoreDatabase,
  type KeyState,
  type Restored,
  type RestoredBackup,
  type RestoreOptions,
} from './restore.ts'
