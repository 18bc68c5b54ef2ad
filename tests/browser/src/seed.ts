import type { Client } from '@steward/api/client'

export interface Seed {
  workspaceId: string
  workspaceName: string
  accountId: string
  accountName: string
  /** A bot with versions, deployments, a key and secrets. */
  botId: string
  botName: string
  /** Links into the workspace that nobody followed yet. */
  invitationPath: string
  /** A link by which the viewer could get back in. */
  recoveryPath: string
  /** A workspace that nothing was made in. */
  emptyWorkspaceId: string
  emptyWorkspaceName: string
}

/** People who have joined, one of each role below the owner. */
export const people = [
  { name: 'Jonas Weber', email: 'jonas.weber@northwind.example', role: 'administrator' },
  { name: 'Amara Diallo', email: 'amara.diallo@northwind.example', role: 'manager' },
  { name: 'Priya Nair', email: 'priya.nair@northwind.example', role: 'developer' },
  { name: 'Tomás Rivera', email: 'tomas.rivera@northwind.example', role: 'billing' },
  { name: 'Lena Fischer', email: 'lena.fischer@northwind.example', role: 'viewer' },
] as const

const bots = [
  { name: 'order-status', description: 'Tells where a parcel is.', tags: { team: 'shipping', stage: 'production' } },
  { name: 'returns-desk', description: 'Takes goods back.', tags: { team: 'shipping' } },
  { name: 'onboarding-guide', description: 'Shows new people around.', tags: { team: 'people' } },
  { name: 'billing-helper', tags: { team: 'finance', stage: 'trial' }, type: 'desk' },
  { name: 'store-finder', tags: {}, type: 'adk' },
  { name: 'faq-en', tags: { language: 'en' } },
  { name: 'faq-de', tags: { language: 'de' } },
] as const

/** Something of everything that the console shows. */
export async function seed(given: { client: Client; anyone: Client; password: string }): Promise<Seed> {
  const { client } = given
  const [first] = (await client.workspace.list.query({})).workspaces
  if (!first) throw new Error('The owner has no workspace.')
  const workspaceId = first.id
  const workspaceName = 'Northwind support'
  await client.workspace.update.mutate({ id: workspaceId, name: workspaceName, about: 'Bots that answer customers.' })
  const invitationPath = await seedPeople(given, workspaceId)
  for (const bot of bots) await client.bot.create.mutate({ workspaceId, ...bot, tags: { ...bot.tags } })
  await client.bot.create.mutate({ workspaceId, name: 'order-status-dev', dev: true, url: 'http://localhost:8075' })
  const botName = 'support-agent'
  const botId = await seedBot(client, workspaceId, botName)
  await client.me.createToken.mutate({ note: 'Continuous integration', scopes: ['bot:write', 'version:write'] })
  const soon = new Date(Date.now() + 5 * 24 * 60 * 60 * 1000).toISOString()
  await client.me.createToken.mutate({ note: 'Weekly report', scopes: ['bot:read'], expiresAt: soon })
  const accountName = 'Northwind Trading'
  const emptyWorkspaceName = 'Wholesale'
  const { account } = await client.account.create.mutate({ name: accountName, workspaceName: emptyWorkspaceName })
  const { workspaces } = await client.workspace.list.query({})
  const emptyWorkspaceId = workspaces.find(({ name }) => name === emptyWorkspaceName)?.id ?? ''
  const workspace = { workspaceId, workspaceName, emptyWorkspaceId, emptyWorkspaceName }
  const { members } = await client.member.list.query({ workspaceId })
  const memberId = members.find(({ role }) => role === 'viewer')?.id ?? ''
  const { link } = await client.recovery.createForMember.mutate({ workspaceId, memberId })
  const recoveryPath = `/recovery${new URL(link).hash}`
  return { ...workspace, accountId: account.id, accountName, botId, botName, invitationPath, recoveryPath }
}

async function seedPeople(
  { client, anyone, password }: { client: Client; anyone: Client; password: string },
  workspaceId: string,
): Promise<string> {
  for (const { name, email, role } of people) {
    const { link } = await client.member.invite.mutate({ workspaceId, email, role })
    await anyone.me.signUp.mutate({ email, name, password, invitation: secretOf(link) })
  }
  const open = { workspaceId, email: 'noor.haddad@northwind.example', role: 'developer' } as const
  const { link } = await client.member.invite.mutate(open)
  return `/invitations#${secretOf(link)}`
}

/** The secret is what follows # in the link. */
function secretOf(link: string): string {
  return link.slice(link.indexOf('#') + 1)
}

async function seedBot(client: Client, workspaceId: string, name: string): Promise<string> {
  const configuration = {
    schema: {
      type: 'object',
      properties: { greeting: { type: 'string' }, handOver: { type: 'boolean' }, openFrom: { type: 'integer' } },
      required: ['greeting'],
    },
    data: { greeting: 'Hello, how can we help?', handOver: true, openFrom: 9 },
  }
  const { bot } = await client.bot.create.mutate({
    workspaceId,
    name,
    description: 'First answer to everybody who writes to us.',
    tags: { team: 'support', stage: 'production' },
    configuration,
    code: "export const answer = () => 'Hello'\n",
    secrets: { CRM_TOKEN: 'crm-0001', MAIL_KEY: 'mail-0001' },
  })
  const at = { workspaceId, id: bot.id }
  const save = async (version: string, description: string): Promise<string> =>
    (await client.version.create.mutate({ ...at, name: version, description })).version.id
  const one = await save('1.0.0', 'The first that customers saw')
  await client.version.deploy.mutate({ ...at, versionId: one, note: 'Opening day' })
  const data = { ...configuration.data, greeting: 'Good to see you. What can we do?', openFrom: 8 }
  await client.bot.update.mutate({ ...at, configuration: { data } })
  const two = await save('1.1.0', 'Warmer greeting, open from eight')
  await client.version.deploy.mutate({ ...at, versionId: two, note: 'Asked for by the support team' })
  await client.bot.createKey.mutate({ workspaceId, botId: bot.id, note: 'Widget on the web site' })
  return bot.id
}
