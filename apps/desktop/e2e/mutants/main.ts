// `npm run desktop:mutants [-- name ...]`: makes each mutant of this folder from the built app, and demands that the spec
// notices. A mutant that goes unseen is a hole in the spec; one whose place is gone is out of date.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { buildDesktop } from '../../build/build.ts'
import { seedFault } from '../fault.ts'
import { fixtureSite } from '../paths.ts'
import { dataMutants } from './data.ts'
import { lifeMutants } from './life.ts'
import type { Mutant } from './mutant.ts'
import { pageMutants } from './page.ts'

const mutants = [...pageMutants, ...lifeMutants, ...dataMutants]

const desktop = join(import.meta.dirname, '..', '..')
const folder = join(desktop, 'dist', 'mutants')
const sound = join(folder, 'sound')
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

interface Outcome {
  file: string
  name: string
  status: string
}

/** Runs files of the spec on a built app. @returns what became of each test; null when nothing could be run. */
async function run(dist: string, files: readonly string[], test?: string): Promise<Outcome[] | null> {
  const reports = `${dist}-report`
  const args = [vitest, 'run', ...files.map((file) => join('e2e', file)), ...(test === undefined ? [] : ['-t', test])]
  // oxlint-disable-next-line node/no-process-env
  const env = { ...process.env, STEWARD_DESKTOP_DIST: dist, STEWARD_DESKTOP_REPORT: reports }
  const child = spawn(process.execPath, args, { cwd: desktop, env, stdio: 'ignore' })
  await new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  const file = join(reports, 'results.json')
  if (!existsSync(file)) return null
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
    testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[]
  }
  rmSync(reports, { recursive: true })
  return testResults.flatMap(({ name, status, assertionResults }) => [
    // A file that fails before its tests has none of them.
    ...(status === 'failed' ? [{ file: name, name: '', status }] : []),
    ...assertionResults.map((one) => ({ file: name, name: one.fullName, status: one.status })),
  ])
}

/** A copy of the sound app, made the mutant. @throws Error when its place is gone. */
function seed(mutant: Mutant): string {
  const dist = join(folder, mutant.name)
  cpSync(sound, dist, { recursive: true })
  seedFault(dist, mutant)
  return dist
}

/** What is wrong with the part of the spec that should notice a mutant: it must pass on the sound app. */
function flawOf({ file, test }: Mutant, outcomes: readonly Outcome[]): string | null {
  const own = outcomes.filter((one) => one.file.endsWith(file) && one.name.includes(test))
  if (!own.some(({ status }) => status === 'passed')) return `There is no test "${test}" in ${file}.`
  return own.some(({ status }) => status === 'failed') ? `The sound app fails "${test}" of ${file}.` : null
}

rmSync(folder, { recursive: true, force: true })
await buildDesktop({ out: sound, site: fixtureSite })
const wanted = process.argv.slice(2)
const chosen = mutants.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const outcomes = (await run(sound, [...new Set(chosen.map(({ file }) => file))])) ?? []
const flaws = new Set(chosen.map((mutant) => flawOf(mutant, outcomes)).filter((flaw) => flaw !== null))
if (flaws.size > 0 || chosen.length === 0) {
  console.log(['Nothing can be learnt from this run.', ...flaws].join('\n'))
  process.exit(1)
}

let seen = 0
const queue = chosen.values()
const work = async (): Promise<void> => {
  for (const mutant of queue) {
    const dist = seed(mutant)
    const found = (await run(dist, [mutant.file], mutant.test)) ?? []
    const isSeen = found.some(({ status }) => status === 'failed')
    if (isSeen) seen += 1
    console.log(`${isSeen ? 'seen  ' : 'UNSEEN'}  ${mutant.name}`)
    rmSync(dist, { recursive: true, force: true })
  }
}
await Promise.all([work(), work()])
rmSync(folder, { recursive: true, force: true })
console.log(`${seen} of ${chosen.length} mutants were seen.`)
process.exitCode = seen < chosen.length ? 1 : 0
