import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { workerFolder } from '../build/build.ts'
import { layOutPacked } from '../build/packed.ts'
import { atEnd, double, readyPage } from './drivers.ts'
import { built, electronBinary } from './paths.ts'

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

it('reads large bodies in threads that start from beside the archive', async () => {
  const settings = readFileSync(join(desktop, 'electron-builder.yml'), 'utf8')
  expect(settings).toMatch(new RegExp(`\\nasarUnpack:\\n(?: .*\\n)*  - dist/app/${workerFolder}/\\*\\*\\n`))
  const resources = `${built.fixture}-packed`
  atEnd(() => rmSync(resources, { recursive: true, force: true }))
  const page = await readyPage(await double.start({ dist: layOutPacked(built.fixture, join(resources, 'app.asar')) }))
  const made = await page.evaluate(async () => {
    const { call } = window
    if (!call) throw new Error('This is not the small page.')
    const { workspaces } = (await call('workspace.list', {})) as { workspaces: { id: string }[] }
    // Larger than what is read without a thread.
    const code = '// a line of code\n'.repeat(100_000)
    return call('bot.create', { workspaceId: workspaces[0]?.id, name: 'Large', code }, true)
  })
  expect(made).toMatchObject({ bot: { name: 'Large' } })
})
