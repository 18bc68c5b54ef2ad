// The life of a bot through the official @botpress/client, which knows nothing of Steward.
//
//   node examples/rest.ts http://127.0.0.1:7420 bp_pat_…      (or STEWARD_URL and STEWARD_TOKEN in the environment)

import { createHash } from 'node:crypto'
import { Client, ResourceNotFoundError, isApiError } from '@botpress/client'

const [, , apiUrl = process.env['STEWARD_URL'], token = process.env['STEWARD_TOKEN']] = process.argv

/** Prints one line of the protocol. */
function say(what: string, result = ''): void {
  console.log(`${what.padEnd(28, ' ')} ${result}`.trimEnd())
}

/** A bundle of `bytes` characters, different in every line. */
function bundle(bytes: number, release: string): string {
  const line = (number: number): string => {
    const digest = createHash('sha256').update(`${release}/${number}`).digest('hex')
    return `exports.f${number} = () => "${digest}"\n`
  }
  return Array.from({ length: Math.ceil(bytes / line(10_000).length) }, (_, number) => line(number))
    .join('')
    .slice(0, bytes)
}

async function run(url: string, pat: string): Promise<void> {
  // 1. Who am I? A client without a workspace is enough for that, and to make one.
  const me = new Client({ apiUrl: url, token: pat })
  const { account } = await me.getAccount({})
  say('Signed in', `${account.displayName ?? ''} <${account.email}>`)

  const workspace = await me.createWorkspace({ name: 'REST example' })
  say('Made a workspace', `${workspace.name} (${workspace.id})`)

  // From here on every call says which workspace it means.
  const client = new Client({ apiUrl: url, token: pat, workspaceId: workspace.id })
  try {
    await work(client)
  } finally {
    await me.deleteWorkspace({ id: workspace.id })
    say('Deleted the workspace', 'with everything in it')
  }
}

async function work(client: Client): Promise<void> {
  // 2. Let somebody in.
  const member = await client.createWorkspaceMember({ email: 'colleague@example.org', role: 'developer' })
  say('Added a member', `${member.email} as ${member.role}${member.userId ? '' : ', who has still to join'}`)

  // 3. A bot, and all of it in one update: what it declares, its code, its secrets.
  const { bot } = await client.createBot({ name: 'greeter', tags: { team: 'support' } })
  say('Made a bot', `${bot.name} (${bot.id})`)
  const code = bundle(10_000_000, 'first release')
  const started = performance.now()
  const deployed = await client.updateBot({
    id: bot.id,
    code,
    secrets: { API_KEY: 'kept sealed, never shown again' },
    configuration: {
      schema: { type: 'object', properties: { greeting: { type: 'string' } }, required: ['greeting'] },
      data: { greeting: 'Hello!' },
    },
    events: { greeted: { title: 'Greeted', schema: { type: 'object', properties: { name: { type: 'string' } } } } },
  })
  const seconds = (performance.now() - started) / 1000
  say('Deployed a bundle', `${code.length / 1_000_000} MB in ${seconds.toFixed(2)} s, at ${deployed.bot.deployedAt}`)

  // 4. Save this state, deploy another, go back.
  const { version } = await client.createBotVersion({ id: bot.id, name: '1.0.0', description: 'First release' })
  say('Saved a version', `${version.name} (${version.id})`)
  await client.updateBot({ id: bot.id, code: bundle(1_000, 'a mistake'), events: { greeted: null } })
  await client.deployBotVersion({ id: bot.id, versionId: version.id })
  const { url } = await client.getBotVersion({ id: bot.id, versionId: version.id })
  const archive = (await (await fetch(url)).json()) as { code: string }
  const restored = Object.keys((await client.getBot({ id: bot.id })).bot.events)
  say(
    'Went back to it',
    `events: ${restored.join(', ')}; archive ${archive.code === code ? 'equals' : 'DIFFERS FROM'} the bundle`,
  )

  // 5. Lists come in pages; the client's collections turn them.
  for (let number = 1; number <= 12; number++) await client.createBot({ name: `worker ${number}` })
  const bots = await client.list.bots({ pageSize: 5 }).collect()
  say('Listed bots', `${bots.length}, five to a page, newest first: ${bots[0]?.name} … ${bots.at(-1)?.name}`)

  // 6. Errors are classes.
  await client.deleteBot({ id: bot.id })
  const gone = await client.getBot({ id: bot.id }).catch((error: unknown) => error)
  if (!(gone instanceof ResourceNotFoundError)) throw new Error('A deleted bot can still be read.', { cause: gone })
  say('Deleted the bot', `reading it now: ${gone.code} ${gone.type} (${gone.id})`)
}

if (apiUrl === undefined || token === undefined) {
  console.error('Usage: node examples/rest.ts <url> <token>')
  process.exitCode = 2
} else {
  await run(apiUrl, token).catch((error: unknown) => {
    console.error(isApiError(error) ? `Refused: ${error.code} ${error.type}: ${error.message} (${error.id})` : error)
    process.exitCode = 1
  })
}
