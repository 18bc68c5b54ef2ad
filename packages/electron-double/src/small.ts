import type { Dialog, SafeStorage, Screen, Shell } from 'electron'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { app } from './app.ts'
import { doubleEnv, note, only } from './env.ts'

/** Nobody sits before the double: a dialog that a test has not answered beforehand is an error. */
const unscripted = (name: string) => async (): Promise<never> => {
  throw new Error(`dialog.${name} was opened and the test had not said what to answer.`)
}

export const dialog: Dialog = only<Dialog>('dialog', {
  showOpenDialog: unscripted('showOpenDialog'),
  showSaveDialog: unscripted('showSaveDialog'),
  showMessageBox: unscripted('showMessageBox'),
})

export const shell: Shell = only<Shell>('shell', {
  openExternal: async (url) => note({ kind: 'external', url }),
  openPath: async () => '',
})

/** A key beside the data stands for the keyring; what is sealed is really unreadable without it. */
function keyringKey(): Buffer {
  const file = join(dirname(app.getPath('userData')), 'keyring', 'key')
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, randomBytes(32))
  }
  return readFileSync(file)
}

function requireReady(): void {
  if (!app.isReady()) throw new Error('safeStorage cannot be used before app is ready')
}

export const safeStorage: SafeStorage = only<SafeStorage>('safeStorage', {
  isAsyncEncryptionAvailable: async () => {
    requireReady()
    return true
  },
  getSelectedStorageBackend: () => doubleEnv.keyring as never,
  encryptStringAsync: async (text) => {
    requireReady()
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keyringKey(), iv)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([Buffer.from('v10'), iv, cipher.getAuthTag(), sealed])
  },
  decryptStringAsync: async (sealed) => {
    requireReady()
    const decipher = createDecipheriv('aes-256-gcm', keyringKey(), sealed.subarray(3, 15))
    decipher.setAuthTag(sealed.subarray(15, 31))
    const result = Buffer.concat([decipher.update(sealed.subarray(31)), decipher.final()]).toString('utf8')
    return { result, shouldReEncrypt: false }
  },
})

const display = { workArea: { x: 0, y: 0, width: 1920, height: 1040 } } as Electron.Display

export const screen: Screen = only<Screen>('screen', {
  getDisplayMatching: () => display,
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
})
