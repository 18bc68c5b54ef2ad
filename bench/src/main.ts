// npm run bench: side by side in one run, told as ratios.
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { hasChromium } from './browser.ts'
import { consoleSuite } from './console.suite.ts'
import { desktopSuite } from './desktop.suite.ts'
import { hostilePostgresSuite, hostileSuite } from './hostile.suite.ts'
import { listSuite } from './list.suite.ts'
import { processSuite } from './process.suite.ts'
import { readSuite } from './read.suite.ts'
import { makeFixture } from './fixture.ts'
import { schemaSuite } from './schema.suite.ts'
import { writeSuite } from './write.suite.ts'

const suites = {
  read: readSuite,
  write: writeSuite,
  list: listSuite,
  process: processSuite,
  hostile: hostileSuite,
  'hostile-postgres': hostilePostgresSuite,
  schema: schemaSuite,
  console: consoleSuite,
  desktop: desktopSuite,
}

const usage = `usage: npm run bench [-- SUITE … --seconds N]
  SUITE        ${Object.keys(suites).join(', ')}; all unless named
  --seconds N  how long each rate is measured (3)`

function stop(message: string, code: number): never {
  console.error(message)
  process.exit(code)
}

/** What was asked for; ends the process when it makes no sense. */
function asked(): { chosen: string[]; seconds: number; help: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { seconds: { type: 'string', default: '3' }, help: { type: 'boolean', default: false } },
    })
    const chosen = positionals.length > 0 ? positionals : Object.keys(suites)
    const unknown = chosen.filter((name) => !Object.hasOwn(suites, name))
    const seconds = Number(values.seconds)
    if (unknown.length > 0) throw new TypeError(`There is no suite ${unknown.join(', ')}.`)
    if (!(seconds > 0)) throw new TypeError('--seconds takes a number above 0.')
    return { chosen, seconds, help: values.help }
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    return stop(`${cause.message}\n${usage}`, 2)
  }
}

/** A suite that cannot go on says why and leaves the others theirs; the exit code tells. */
async function run(name: keyof typeof suites): Promise<void> {
  try {
    await suites[name](fixture, seconds)
  } catch (cause) {
    console.error(`\nThe suite ${name} could not be measured to its end:`, cause)
    process.exitCode = 1
  }
}

const { chosen, seconds, help } = asked()
if (help) {
  console.log(usage)
  process.exit(0)
}

const browsing = chosen.filter((name) => name === 'console' || name === 'desktop')
if (browsing.length > 0 && !hasChromium())
  stop(`${browsing.join(' and ')}: there is no Chromium. Set CHROMIUM to the path of one.`, 1)

console.log(`${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`)
console.log('Making 101,000 bots …')
const fixture = await makeFixture()
try {
  for (const name of chosen) await run(name as keyof typeof suites)
} finally {
  fixture.remove()
}
