// `npm run desktop:release`: makes the installers of this system, signed and with the address of their updates.
// `-- --unsigned` makes them for this computer only, without either.
import { join } from 'node:path'
import { buildDesktop } from './build.ts'
import { runBuilder } from './builder.ts'
import { missingFor, signingArguments } from './signing.ts'

const desktop = join(import.meta.dirname, '..')

function stop(lines: readonly string[]): never {
  console.error(lines.join('\n'))
  process.exit(1)
}

// oxlint-disable-next-line node/no-process-env
const env = { ...process.env }
const isUnsigned = process.argv.includes('--unsigned')
const missing = isUnsigned ? [] : missingFor(process.platform, env)
if (missing.length > 0)
  stop([
    'No release was made. It needs, in the environment:',
    ...missing.map(({ name, what }) => `  ${name}: ${what}`),
    'For a build that only this computer trusts: npm run desktop:release -- --unsigned',
  ])
if (isUnsigned) {
  env['CSC_IDENTITY_AUTO_DISCOVERY'] = 'false'
  console.log('Unsigned and without updates: other computers warn of it, and macOS refuses it.')
}
await buildDesktop({ out: join(desktop, 'dist', 'app') })
runBuilder(signingArguments(process.platform, isUnsigned ? null : env), env)
