import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { freshFolder } from '../testing.ts'
import { checkFolder } from './files.ts'

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
