// `npm run mutants`: seeds faults into a copy of the checkout, one at a time, and counts how many make a test fail.
// A mutant that no test notices is a missing test. Stryker makes and runs them; this picks a share and judges.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { copyCheckout, root } from './copy.ts'
import { judge, printUnseen } from './judge.ts'
import { runMutants, type Outcome } from './run.ts'
import { placesOf, sample, type Place } from './sample.ts'

const workspaces: Readonly<Record<string, string>> = {
  db: 'packages/db',
  installation: 'packages/installation',
  server: 'apps/server',
  api: 'packages/api',
}

const usage = `usage: npm run mutants -- [db | api | server ...] [options]
  --count N   how many places, taken at random from all; most allow two or three mutants,
              which are tried one after the other (default 110)
  --seed N    which ones: the same number picks the same ones (default 1)
  --full      all of them, which takes days
  --file PART only in source files whose path contains PART (may be repeated)`

function stop(message: string): never {
  console.error(message)
  process.exit(2)
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        count: { type: 'string', default: '110' },
        seed: { type: 'string', default: '1' },
        full: { type: 'boolean', default: false },
        file: { type: 'string', multiple: true, default: [] },
      },
    })
    const names = positionals.length > 0 ? positionals : Object.keys(workspaces)
    const [count, seed] = [Number(values.count), Number(values.seed)]
    const isUsable = names.every((name) => Object.hasOwn(workspaces, name)) && count > 0 && Number.isInteger(seed)
    return isUsable ? { ...values, names, count, seed } : stop(usage)
  } catch {
    return stop(usage)
  }
}

/** The code that runs in production: no tests, and nothing that exists for them. */
function sourcesOf(workspace: string): string[] {
  const files = execFileSync('git', ['ls-files', `${workspace}/src`], { cwd: root })
    .toString()
    .trim()
    .split('\n')
  return files.filter((file) => file.endsWith('.ts') && !/test|\.process\.|things/.test(file))
}

const { names, count, seed, full, file: parts } = readArguments()
const folder = join(root, '.mutants')
const all: Place[] = []
for (const name of names) {
  const files = sourcesOf(workspaces[name] ?? '')
  all.push(...(await placesOf(files.filter((file) => parts.length === 0 || parts.some((part) => file.includes(part))))))
}
const chosen = full ? all : sample(all, count, seed)
console.log(`${chosen.length} of ${all.length} places, seed ${seed}.`)

const outcomes: Outcome[] = []
for (const name of names) {
  const workspace = workspaces[name] ?? ''
  const own = chosen.filter(({ file }) => file.startsWith(`${workspace}/`))
  if (own.length === 0) continue
  console.log(`${workspace}: ${own.length} places`)
  copyCheckout(folder)
  const found = await runMutants({ folder, workspace, places: own })
  printUnseen(found)
  outcomes.push(...found)
}
process.chdir(root)
rmSync(folder, { recursive: true, force: true })
process.exitCode = judge(outcomes)
