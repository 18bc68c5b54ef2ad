import {
  BackupUnsupported,
  CopyFailed,
  LaneTimeout,
  openStores,
  restore,
  RestoreRefused,
  UnsafePostgres,
} from '@steward/db'
import { mkdirSync, writeFileSync } from 'node:fs'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError } from './config.ts'
import { exitCode, explain, nameOf, CliError } from './exit.ts'
import { freshFolder } from './process.testing.ts'

/** What was thrown. */
async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}

const coded = (code: string, more: object = {}): Error => Object.assign(new Error('details'), { code, ...more })

test.each<[string, unknown, number, string]>([
  ['a stop', new CliError(exitCode.address, 'words'), 4, 'words'],
  ['settings', new ConfigError(['STEWARD_PORT is odd']), 2, 'STEWARD_PORT is odd'],
  ['a refused backup', new BackupUnsupported('not here'), 1, 'not here'],
  ['a refused restore', new RestoreRefused('in use'), 1, 'in use'],
  ['a copy without room', new CopyFailed('no room'), 1, 'no room'],
  ['a full disk', coded('SQLITE_FULL'), 3, 'disk of the database is full'],
  ['a full Postgres', coded('53100', { severity: 'ERROR' }), 3, 'disk of the database is full'],
  ['a disk too full to open', coded('SQLITE_IOERR_SHMSIZE'), 3, 'disk of the database is full'],
  ['a failing disk', coded('SQLITE_IOERR_READ'), 3, 'cannot be read or written'],
  ['a file without rights', coded('SQLITE_READONLY_DBMOVED'), 3, 'cannot be written by this user'],
  ['a damaged file', coded('SQLITE_CORRUPT_INDEX'), 3, 'damaged'],
  ['a locked file', coded('SQLITE_BUSY'), 3, 'keep the database busy'],
  ['a lane that is not free', new LaneTimeout('main', 30_000), 3, 'keep the database busy'],
  ['a Postgres that falls silent', new Error('Query read timeout'), 3, 'does not answer'],
  ['a connection that is not ours', new UnsafePostgres('search_path', 'public', 'steward'), 3, 'connection pooler'],
  ['a Postgres that is down', coded('ECONNREFUSED', { syscall: 'connect' }), 3, 'does not answer'],
  ['a Postgres socket that is not there', coded('ENOENT', { syscall: 'connect', address: '/x' }), 3, 'does not answer'],
  ['a Postgres role without rights', coded('42501', { severity: 'ERROR' }), 3, 'refuses the connection: details'],
  ['a port in use', coded('EADDRINUSE', { syscall: 'listen', address: '::', port: 1 }), 4, 'in use by another program'],
  ['a port of others', coded('EACCES', { syscall: 'listen', address: '::', port: 1 }), 4, 'special rights'],
  [
    'a file of others',
    coded('EACCES', { syscall: 'open', path: '/b/key' }),
    1,
    '/b/key cannot be used by this user. Check its permissions',
  ],
  [
    'no room for a file',
    coded('ENOSPC', { syscall: 'write', path: '/b/copy' }),
    1,
    '/b/copy cannot be written: its disk',
  ],
])('%s: its exit code and its words, and no stack', (_, error, code, words) => {
  const told = explain(error)
  expect(told).toEqual({ code, message: expect.stringContaining(words) as string })
  expect(told.message).not.toContain('    at ')
})

test('a disk that is full or fails is no reason to replace the data', () => {
  const codes = ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_FSYNC', '53100']
  for (const code of codes) expect(explain(coded(code, { severity: 'ERROR' })).message).not.toMatch(/restore|--force/)
})

test('what the system really throws names the file that is the matter', async () => {
  const folder = freshFolder()
  const [file, inFile] = [join(folder, 'file'), join(folder, 'file', 'inside')]
  writeFileSync(file, 'not a database, and long enough to be looked at as one, page by page'.repeat(100))
  mkdirSync(join(folder, 'd', 'steward.db'), { recursive: true })
  const cases: [() => unknown, number, string][] = [
    [() => mkdir(inFile), 1, `${inFile} cannot be reached`],
    [() => mkdir(folder), 1, `${folder} already exists.`],
    [() => readFile(join(folder, 'none')), 1, `${join(folder, 'none')} does not exist.`],
    [() => readFile(folder), 1, 'is a folder, but a file is needed.'],
    [() => copyFile(file, inFile), 1, `${inFile} cannot be reached`],
    [() => openStores({ folder: join(folder, 'd') }), 3, 'cannot be opened'],
    [() => restore(join(folder, 'new'), join(folder, 'none'), { now: () => new Date() }), 3, 'has no steward.db'],
  ]
  for (const [work, code, words] of cases) {
    const told = explain(await thrownBy(work))
    expect(told).toEqual({ code, message: expect.stringContaining(words) as string })
  }
})

test('a mistake of ours keeps its stack, and every code has a name', () => {
  expect(explain(new TypeError('x is not a function')).message).toContain('    at ')
  expect(Object.values(exitCode).map(nameOf)).toEqual(['ok', 'failed', 'usage', 'database', 'address'])
})
