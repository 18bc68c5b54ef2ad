import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { freshFolder } from '../process.testing.ts'
import { checkDisk, checkFolder, checkRights, room } from './files.ts'

const found = (dataFolder: string) => checkFolder(readConfig({ STEWARD_DATA: dataFolder }, '/'))

test.skipIf(process.platform === 'win32')(
  'the data folder must be one that this user, and no other, can use',
  async () => {
    const folder = freshFolder()
    expect(await found(folder)).toMatchObject({ status: 'ok' })
    chmodSync(folder, 0o750)
    expect(await found(folder)).toMatchObject({ status: 'warn', fix: `chmod 700 ${folder}` })
    // A file cannot be entered by anybody, root included.
    const file = join(folder, 'file')
    writeFileSync(file, '', { mode: 0o600 })
    expect(await found(file)).toMatchObject({ status: 'fail', text: `${file} cannot be written by this user` })
    expect(await found(join(folder, 'missing'))).toMatchObject({ status: 'fail' })
  },
)

const mebibyte = 1024 * 1024
test.each([
  [0, 'fail', '0 MiB free'],
  [100 * mebibyte - 1, 'fail', '99 MiB free'],
  [100 * mebibyte, 'warn', '100 MiB free'],
  [1024 * mebibyte - 1, 'warn', '1,023 MiB free'],
  [1024 * mebibyte, 'ok', '1,024 MiB free'],
])('%i free bytes on the disk: %s', (free, status, text) => {
  expect(room(free)).toMatchObject({ name: 'disk', status, text })
})

test('room is looked for on the disk of the data folder, where there is one', async () => {
  const folder = freshFolder()
  const disk = (dataFolder: string) => checkDisk(readConfig({ STEWARD_DATA: dataFolder }, '/'))
  expect(await disk(folder)).toMatchObject([{ name: 'disk', text: expect.stringMatching(/^[\d,]+ MiB free$/) }])
  expect(await disk(join(folder, 'missing'))).toEqual([])
})

test.skipIf(process.platform === 'win32')('rights are looked at where there is a folder', async () => {
  const folder = freshFolder()
  const rights = (dataFolder: string) => checkRights(readConfig({ STEWARD_DATA: dataFolder }, '/'))
  expect(await rights(join(folder, 'missing'))).toEqual([])
  writeFileSync(join(folder, 'steward.db'), '', { mode: 0o600 })
  expect(await rights(folder)).toMatchObject([{ name: 'file rights', status: 'ok' }])
  writeFileSync(join(folder, 'steward.db-wal'), '')
  chmodSync(join(folder, 'steward.db-wal'), 0o640)
  const fix = `chmod 600 ${join(folder, 'steward.db-wal')}`
  expect(await rights(folder)).toMatchObject([{ status: 'warn', text: 'other users can read steward.db-wal', fix }])
})
