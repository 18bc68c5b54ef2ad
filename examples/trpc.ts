// The same life through Steward's own typed client, and what the contract has no words for: differences between
// versions, rollback, who may do what and why, the audit trail's proof. All types come from the server's code.
//
//   node examples/trpc.ts http://127.0.0.1:7420 bp_pat_…      (or STEWARD_URL and STEWARD_TOKEN in the environment)

import { createClient, StewardError, type Client } from '@steward/api/client'

const [, , url = process.env['STEWARD_URL'], token = process.env['STEWARD_TOKEN']] = process.argv

/** Prints one line of the protocol. */
function say(what: string, result = ''): void {
  console.log(`${what.padEnd(28, ' ')} ${result}`.trimEnd())
}

async function run(client: Client): Promise<void> {
  const { account } = await client.me.get.query({})
  say('Signed in', `${account.displayName ?? ''} <${account.email}>`)
  const workspace = await client.workspace.create.mutate({ name: 'tRPC example' })
  say('Made a workspace', `${workspace.name} (${workspace.id})`)
  try {
    await invite(client, workspace.id)
    await explainRights(client, workspace.id)
    const botId = await makeBot(client, workspace.id)
    await deploy(client, botId)
    await refusals(client, workspace.id, botId)
    await checkTrail(client, workspace.id)
  } finally {
    await client.workspace.delete.mutate({ id: workspace.id })
    say('Deleted the workspace', 'with everything in it')
  }
}

async function invite(client: Client, workspaceId: string): Promise<void> {
  const input = { workspaceId, email: 'colleague@example.org', role: 'viewer', expiresInHours: 24 } as const
  const { invitation, link } = await client.member.invite.mutate(input)
  say('Invited', `${invitation.email} as ${invitation.role}, until ${invitation.expiresAt}`)
  say('', `by a link that works once: ${new URL(link).pathname.slice(0, 12)}…`)
}

/** The permission table is data, and a decision can be asked for its reasons. */
async function explainRights(client: Client, workspaceId: string): Promise<void> {
  const { permissions, roles } = await client.member.permissions.query({})
  say('Permissions', `${permissions.length} rules for ${roles.join(', ')}`)
  for (const { permission, roles: allowed } of permissions.filter((rule) => rule.permission.startsWith('version.')))
    say('', `${permission.padEnd(24)} ${roles.map((role) => (allowed.includes(role) ? role : '-')).join(' ')}`)
  const { allowed, reason, who } = await client.member.explain.query({ workspaceId, permission: 'bot.transfer' })
  say('May I transfer bots?', `${allowed ? 'yes' : 'no'}: ${reason}`)
  say('', `who can: ${who.members.map(({ displayName, role }) => `${displayName} (${role})`).join(', ')}`)
}

async function makeBot(client: Client, workspaceId: string): Promise<string> {
  const { bot } = await client.bot.create.mutate({ workspaceId, name: 'greeter' })
  say('Made a bot', `${bot.name} (${bot.id})`)
  const code = Array.from({ length: 200_000 }, (_, line) => `exports.f${line} = () => "hello ${line}, how are you?"\n`)
  const bundle = code.join('').slice(0, 10_000_000)
  await client.bot.update.mutate({ id: bot.id, code: bundle, configuration: { data: { greeting: 'Hello!' } } })
  say('Deployed a bundle', `${bundle.length / 1_000_000} MB`)
  return bot.id
}

/** Two saved versions, what lies between them, and the way back. */
async function deploy(client: Client, id: string): Promise<void> {
  const first = (await client.version.create.mutate({ id, name: '1.0.0', note: 'as tested' })).version
  const code = 'exports.f0 = () => "good evening"\n'
  await client.bot.update.mutate({ id, code, configuration: { data: { greeting: 'Good evening!' } } })
  const second = (await client.version.create.mutate({ id, name: '1.1.0' })).version

  const { changes, code: body } = await client.version.diff.query({ id, from: first.id, to: second.id })
  say(`${first.name} → ${second.name}`, `code ${body.before?.size} → ${body.after?.size} bytes`)
  for (const { path, before, after } of changes)
    say('', `${path.join('.')}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`)

  const { versionId } = await client.version.rollback.mutate({ id, note: 'too formal' })
  const [now, saved] = await Promise.all([describe(client, id, versionId), describe(client, id, first.id)])
  say(
    'Rolled back',
    `to ${now.codeSize} bytes of code, the same as ${saved.name}: ${now.contentHash === saved.contentHash}`,
  )
  const { deployments } = await client.version.listDeployments.query({ id })
  for (const { kind, versionName, note } of deployments) say('', `${kind.padEnd(9)} ${versionName} ${note}`)
}

async function describe(client: Client, id: string, versionId: string) {
  return (await client.version.describe.query({ id, versionId })).version
}

/** Every failure is a StewardError that says what, why, and under which id the server's log has it. */
async function refusals(client: Client, workspaceId: string, id: string): Promise<void> {
  const { versions } = await client.version.list.query({ id })
  const [stale, ...others] = versions
  const about = async (call: Promise<unknown>): Promise<string> => {
    const error = await call.then(
      () => null,
      (cause: unknown) => cause,
    )
    if (!(error instanceof StewardError)) throw new Error('This should have been refused.', { cause: error })
    return `${error.code} ${error.type}: ${error.message}`
  }
  // Deploys only if nobody was faster: the version expected to be in force is not.
  const expectedCurrentVersionId = stale?.id ?? null
  const race = client.version.deploy.mutate({ id, versionId: others[0]?.id ?? '', expectedCurrentVersionId })
  say('A race that is lost', await about(race))
  // @ts-expect-error A name is text. What the compiler refuses here, the server refuses as well.
  say('A wrong type', await about(client.bot.create.mutate({ workspaceId, name: 42 })))
}

async function checkTrail(client: Client, id: string): Promise<void> {
  // Calls made at once travel in one request.
  const [{ report }, { records }] = await Promise.all([
    client.audit.verify.query({ id }),
    client.audit.list.query({ id }),
  ])
  say(
    'Audit trail',
    `${report.ok ? 'unbroken' : 'BROKEN'}: ${report.records} records, head ${report.head.slice(0, 12)}…`,
  )
  for (const { recordedAt, action, value } of records.slice(0, 5)) say('', `${recordedAt} ${action} ${value ?? ''}`)
}

if (url === undefined || token === undefined) {
  console.error('Usage: node examples/trpc.ts <url> <token>')
  process.exitCode = 2
} else {
  await run(createClient({ url, token })).catch((error: unknown) => {
    console.error(
      error instanceof StewardError ? `Refused: ${error.code} ${error.type}: ${error.message} (${error.id})` : error,
    )
    process.exitCode = 1
  })
}
