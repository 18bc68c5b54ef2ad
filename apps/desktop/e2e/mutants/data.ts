import type { Mutant } from './mutant.ts'

const main = 'main/index.js'
const token = { file: 'remote.test.ts', test: 'sealed on the disk' }
const remote = { file: 'remote.test.ts', test: 'works like this computer' }
const recovery = { file: 'data.test.ts', test: 'keeps a copy before an update' }

/** Mutants in the data, and the tokens of servers. */
export const dataMutants: readonly Mutant[] = [
  {
    name: 'token-in-clear',
    where: main,
    find: 'token: remember ? await seal(token) : null',
    put: 'token: remember ? btoa(token) : null',
    ...token,
  },
  {
    name: 'token-forgotten',
    where: main,
    find: 'token: remember ? await seal(token) : null',
    put: 'token: null',
    ...token,
  },
  {
    name: 'token-in-page',
    where: main,
    find: 'url: address,',
    put: 'url: address + "?token=" + given.token,',
    ...remote,
  },
  { name: 'headers-passed-on', where: 'host/index.js', find: 'kept.has(key)', put: 'true', ...remote },
  {
    name: 'newer-data-ignored',
    where: main,
    find: 'if (refusal) return this.#fail(refusal)',
    put: 'if (refusal) return',
    ...recovery,
  },
  {
    name: 'windows-stay',
    where: main,
    find: 'connectionIdOf(window.webContents) === "local") window.close()',
    put: 'connectionIdOf(window.webContents) === "never") window.close()',
    ...recovery,
  },
  {
    name: 'weak-keyring-hidden',
    where: main,
    find: '=== "basic_text"',
    put: '=== "never"',
    file: 'remote.test.ts',
    test: 'says plainly',
  },
  {
    name: 'backup-without-key',
    where: 'host',
    find: 'withKey: true',
    put: 'withKey: false',
    file: 'data.test.ts',
    test: 'copy the data',
  },
  {
    name: 'recovery-outdated',
    where: main,
    find: 'open.webContents.reload();',
    put: '',
    file: 'data.test.ts',
    test: 'says what is wrong',
  },
  {
    name: 'no-copy-before-an-update',
    where: 'host',
    find: 'const backupFolder = join(dataFolder, backupFolderName)',
    put: 'const backupFolder = void 0',
    ...recovery,
  },
  { name: 'copies-not-offered', where: main, find: '/^main-before-migration-', put: '/^other-', ...recovery },
  {
    name: 'never-sealed-anew',
    where: main,
    find: 'if (shouldReEncrypt)',
    put: 'if (false)',
    ...token,
  },
]
