import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { electronBinary } from './place.ts'

const desktop = join(import.meta.dirname, '..')

it('ships with every door of the binary closed', () => {
  const settings = readFileSync(join(desktop, 'electron-builder.yml'), 'utf8')
  const fuses = /\nelectronFuses:\n((?: {2}.*\n)+)/.exec(settings)?.[1] ?? ''
  expect(
    Object.fromEntries(
      fuses
        .trim()
        .split(/\n */)
        .map((line) => line.split(': ')),
    ),
  ).toEqual({
    runAsNode: 'false',
    enableNodeOptionsEnvironmentVariable: 'false',
    enableNodeCliInspectArguments: 'false',
    onlyLoadAppFromAsar: 'true',
    enableEmbeddedAsarIntegrityValidation: 'true',
    grantFileProtocolExtraPrivileges: 'false',
    enableCookieEncryption: 'true',
  })
})

it.runIf(electronBinary() === null)('says in one line what is missing where Electron’s binary is', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(desktop, 'start.ts')], { encoding: 'utf8' })
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('npx install-electron')])
})
