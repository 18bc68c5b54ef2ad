// npm run bench [-- read write list process console desktop] [-- --seconds N]: side by side in one run, told as ratios.
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { hasChromium } from './browser.ts'
import { consoleSuite } from './console.suite.ts'
import { desktopSuite } from './desktop.suite.ts'
import { listSuite } from './list.suite.ts'
import { processSuite } from './process.suite.ts'
import { readSuite } from './read.suite.ts'
import { makeScene } from './scene.ts'
import { writeSuite } from './write.suite.ts'

const suites = {
  read: readSuite,
  write: writeSuite,
  list: listSuite,
  process: processSuite,
  console: consoleSuite,
  desktop: desktopSuite,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '3' } },
})
const chosen = positionals.length > 0 ? positionals : Object.keys(suites)
const unknown = chosen.filter((name) => !Object.hasOwn(suites, name))
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}.`)
  process.exit(2)
}

const browsing = chosen.filter((name) => name === 'console' || name === 'desktop')
if (browsing.length > 0 && !hasChromium()) {
  console.error(`${browsing.join(' and ')}: there is no Chromium. Set CHROMIUM to the path of one.`)
  process.exit(1)
}

console.log(`${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`)
console.log('Making 101,000 bots …')
const scene = await makeScene()
try {
  for (const name of chosen) await suites[name as keyof typeof suites](scene, Number(values.seconds))
} finally {
  scene.remove()
}
