// `node apps/desktop/e2e/mistakes.ts [name]`: makes each mistake of mistakes-list.ts in the built app, and demands that
// the spec notices. A mistake that goes unseen is a hole in the spec; one whose place is gone is out of date.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { buildDesktop } from '../build/build.ts'
import { mistakes, type Mistake } from './mistakes-list.ts'
import { fixtureSite } from './place.ts'

const desktop = join(import.meta.dirname, '..')
const folder = join(desktop, 'dist', 'mistakes')
const sound = join(folder, 'sound')
const report = join(folder, 'report', 'results.json')
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

/** How many tests failed, and how many ran, with the spec's part run on a built app. */
function run(dist: string, { file, test }: Pick<Mistake, 'file' | 'test'>): { failed: number; ran: number } {
  rmSync(report, { force: true })
  const args = [vitest, 'run', join('e2e', file), '-t', test]
  // oxlint-disable-next-line node/no-process-env
  const env = { ...process.env, STEWARD_DESKTOP_DIST: dist, STEWARD_DESKTOP_REPORT: dirname(report) }
  spawnSync(process.execPath, args, { cwd: desktop, env, stdio: 'ignore' })
  if (!existsSync(report)) return { failed: 0, ran: 0 }
  const found = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>
  const failed = (found['numFailedTests'] ?? 0) + (found['numFailedTestSuites'] ?? 0)
  return { failed, ran: failed + (found['numPassedTests'] ?? 0) }
}

/** A copy of the sound app with the mistake in it. @throws Error when its place is gone. */
function seed({ name, where, find, put }: Mistake): string {
  const dist = join(folder, name)
  cpSync(sound, dist, { recursive: true })
  const file = join(dist, where)
  const text = readFileSync(file, 'utf8')
  if (!text.includes(find)) throw new Error(`"${name}" is out of date: ${where} does not hold ${find}`)
  writeFileSync(
    file,
    text.replace(find, () => put),
  )
  return dist
}

rmSync(folder, { recursive: true, force: true })
await buildDesktop({ out: sound, site: fixtureSite })
const wanted = process.argv[2]
const chosen = mistakes.filter(({ name }) => wanted === undefined || name === wanted)
const parts = new Map(chosen.map(({ file, test }) => [`${file} ${test}`, { file, test }]))
let holes = 0
for (const part of parts.values()) {
  const { failed, ran } = run(sound, part)
  if (failed === 0 && ran > 0) continue
  console.log(`The sound app fails "${part.test}" of ${part.file}: nothing can be learnt from it.`)
  process.exit(1)
}
for (const mistake of chosen) {
  const dist = seed(mistake)
  const seen = run(dist, mistake).failed > 0
  if (!seen) holes += 1
  console.log(`${seen ? 'seen  ' : 'UNSEEN'}  ${mistake.name}`)
  rmSync(dist, { recursive: true, force: true })
}
rmSync(folder, { recursive: true, force: true })
console.log(`${chosen.length - holes} of ${chosen.length} mistakes were seen.`)
process.exitCode = holes > 0 ? 1 : 0
