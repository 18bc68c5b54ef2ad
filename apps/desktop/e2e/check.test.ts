import { cpSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCheck } from './check/run.ts'
import { steps } from './check/steps.ts'
import { doubleOf } from './check/subjects.ts'
import { atEnd } from './drivers.ts'
import { seedFault, type Fault } from './fault.ts'
import { built } from './paths.ts'

interface StepFault extends Fault {
  /** What the page must say. */
  says: string
}

const main = 'main/index.js'

/** One for each step; together in one app, for no step needs another. */
const faults: Readonly<Record<string, StepFault>> = {
  'Packed start': {
    where: 'host',
    find: '"/app.asar.unpacked/"',
    put: '"/app.asar/"',
    says: 'thread that reads large bodies does not start',
  },
  Window: {
    where: main,
    find: 'window.maximize();\n\t\twindow.show();',
    put: 'window.maximize();',
    says: 'No window is visible',
  },
  'Local mode': {
    where: main,
    find: 'join(app.getPath("userData"), "data")',
    put: 'join(app.getPath("userData"), "elsewhere")',
    says: 'database is not where it belongs',
  },
  Backup: {
    where: 'host',
    find: 'withKey: true',
    put: 'withKey: false',
    says: 'backup lacks secret.key',
  },
  'Deep link': {
    where: main,
    find: 'app.on("open-url"',
    put: 'app.on("open-nothing"',
    says: 'does not lead to its page',
  },
  'Second instance': {
    where: main,
    find: 'open(linkAmong(args))',
    put: 'open(null)',
    says: 'does not hand its link over',
  },
  'Safe storage': {
    where: main,
    find: 'token: remember ? await seal(token) : null',
    put: 'token: remember ? btoa(token) : null',
    says: 'lies on the disk as it is',
  },
  Download: {
    where: main,
    find: `"frame-ancestors 'none'"`,
    put: `"frame-ancestors 'none'", "sandbox allow-scripts allow-same-origin"`,
    says: 'Nothing is downloaded',
  },
  'Update check': {
    where: main,
    find: 'compareVersions(newest, options.version) <= 0',
    put: 'compareVersions(newest, options.version) >= 0',
    says: 'A newer version is not told',
  },
}

function fresh(name: string): string {
  const folder = `${built.fixture}-${name}`
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

it('finds nothing wrong with the app, and its page tells nothing about the person', async () => {
  const { results, page } = await runCheck(doubleOf(built.fixture, join(fresh('check'), 'app.asar')))
  expect(results.filter(({ status }) => status !== 'ok')).toEqual([])
  expect(page).toContain('All 9 steps are well.')
  for (const { name } of steps) expect(page).toContain(`| ${name} | ok |`)
  expect(page).toMatch(/\n- Steward \d.*\n/)
  for (const secret of [tmpdir(), homedir(), 'check-ttt']) expect(page).not.toContain(secret)
})

it('sees a fault in each step', async () => {
  expect(Object.keys(faults)).toEqual(steps.map(({ name }) => name))
  const dist = fresh('faulty')
  cpSync(built.fixture, dist, { recursive: true })
  for (const fault of Object.values(faults)) seedFault(dist, fault)
  const { results, page } = await runCheck(doubleOf(dist, join(fresh('faulty-packed'), 'app.asar')), 1.5)
  const said = Object.fromEntries(results.map(({ step, status, detail }) => [step, `${status}: ${detail}`]))
  for (const [step, { says }] of Object.entries(faults)) expect(said[step]).toMatch(new RegExp(`^failed: .*${says}`))
  expect(page).toContain('9 of 9 steps failed.')
})

it('says of an app that does not start why, and of the other steps that they were not tried', async () => {
  const subject = {
    ...doubleOf(built.fixture, join(fresh('dead'), 'app.asar')),
    start: () => Promise.reject(new Error(`no ${homedir()}/x`)),
  }
  const { results, page } = await runCheck(subject)
  expect(results.map(({ status }) => status)).toEqual(['failed', ...steps.slice(1).map(() => 'skipped')])
  expect(page).toContain('| Packed start | failed | no <home>/x |')
})
