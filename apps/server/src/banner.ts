import type { Config } from './config.ts'
import type { RunningServer } from './server.ts'
import { isAnyAddress } from './open.ts'
import { keyFileOf } from '@steward/installation'
import { version } from './version.ts'

type Started = Pick<RunningServer, 'url' | 'engine' | 'firstRun' | 'hasConsole'>

/** What a person reads at the start: what this is, where it listens, where its data lies, how to get in. */
export function startBlock(config: Config, server: Started): string {
  const lines = [
    `Steward ${version}: the admin plane for bots`,
    '',
    `  Address   ${server.url}${isAnyAddress(config.host) ? ' (and every other address of this machine)' : ''}`,
    `            REST ${server.url}/v1/admin   tRPC ${server.url}/trpc   OpenAPI ${server.url}/openapi.json`,
    ...(config.publicUrl === null ? [] : [`  Public    ${config.publicUrl}`]),
    `  Data      ${describeData(config)}`,
    `  Key       ${describeKey(config)}`,
    ...firstSteps(server, config.publicUrl ?? server.url),
    '',
    'Press Ctrl-C to stop.',
  ]
  return `\n${lines.join('\n')}\n\n`
}

function describeData(config: Config): string {
  if (config.databaseUrl === null) return `${config.dataFolder} (embedded SQLite)`
  const { host, pathname } = new URL(config.databaseUrl)
  return `PostgreSQL at ${host}${pathname}`
}

function describeKey(config: Config): string {
  if (config.secretKey) return 'from STEWARD_SECRET_KEY'
  return `${keyFileOf(config)} (decrypts stored secrets: keep a copy elsewhere)`
}

/** @param publicUrl the address that links for people begin with. */
function firstSteps({ url, hasConsole, firstRun: { token, setupCode } }: Started, publicUrl: string): string[] {
  if (setupCode === null && token === null) return []
  const lines = ['', 'Nobody owns this installation yet.']
  if (token !== null)
    lines.push(
      '',
      '  Your first token, shown only once:',
      '',
      `    ${token}`,
      '',
      '  Try it:',
      '',
      `    curl -H "authorization: Bearer $TOKEN" ${url}/v1/admin/workspaces`,
    )
  if (setupCode !== null)
    lines.push(
      '',
      '  Create the owner account, with the email and password you will sign in with (the link works once, for a day):',
      '',
      ...(hasConsole ? inBrowser(publicUrl, setupCode) : byCall(url, setupCode)),
      '',
      '  or on this machine:',
      '',
      '    printf %s "$PASSWORD" | npm run --silent steward -- owner create --email you@example.org --password-stdin',
    )
  return lines
}

function inBrowser(url: string, code: string): string[] {
  return [`    ${url}/set-up#${code}`]
}

function byCall(url: string, code: string): string[] {
  return [
    `    ${code}`,
    '',
    `    curl ${url}/trpc/setup.claim -H "content-type: application/json" \\`,
    `      -d '{"code":"…","email":"you@example.org","name":"You","password":"…"}'`,
  ]
}
