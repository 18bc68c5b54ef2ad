import type { inferRouterInputs } from '@trpc/server'
import type { AppRouter, Permission } from '@steward/api/testing'
import {
  auditRecord,
  claimable,
  blocked,
  invite,
  limitOf,
  makeOperator,
  ownBot,
  publicWorkspace,
  recoveryLinkFor,
  unblocked,
} from './made.testing.ts'
import type { Person, Tenant, Who } from './tenant.testing.ts'

type Inputs = inferRouterInputs<AppRouter>
type Concept = Extract<keyof Inputs, string>

/** Every procedure of the router, by type: a new one does not compile until it is here. */
export type ProcedurePath = { [C in Concept]: `${C}.${keyof Inputs[C] & string}` }[Concept]

type InputOf<P extends string> = P extends `${infer C}.${infer N}`
  ? C extends Concept
    ? N extends keyof Inputs[C]
      ? Inputs[C][N]
      : never
    : never
  : never

type Make<I> = (tenant: Tenant, by: Person) => I | Promise<I>

/** For what only the operator may: the owner is one then. */
function operating<I>(make: Make<I>): Make<I> {
  return async (tenant, by) => {
    await makeOperator(tenant)
    return make(tenant, by)
  }
}

/** For each procedure an input that succeeds for the right actor; makes what it is about where that is used up. */
export const validInput: { [P in ProcedurePath]: Make<InputOf<P>> } = {
  'setup.status': () => ({}),
  'setup.claim': claimable,
  'me.signUp': ({ fixture, mark }) => ({
    email: `${mark}-new-${fixture.next()}@example.com`,
    name: `${mark} new`,
    password: 'correct horse battery',
  }),
  'me.get': () => ({}),
  'me.update': ({ mark, fixture }) => ({
    displayName: `${mark} ${fixture.next()}`,
    profilePicture: `https://example.com/${mark}`,
  }),
  'me.delete': (_, { email }) => ({ confirmEmail: email }),
  'me.listTokens': () => ({}),
  'me.createToken': ({ mark, fixture }) => ({ note: `${mark} ${fixture.next()}`, scopes: ['me:read'] }),
  'me.rotateToken': (_, { spareTokenId }) => ({ id: spareTokenId, graceSeconds: 60 }),
  'me.deleteToken': (_, { spareTokenId }) => ({ id: spareTokenId }),
  'me.setPreference': ({ mark, fixture }) => ({ key: 'theme', value: { mark, number: fixture.next() } }),
  'me.getPreference': () => ({ key: 'theme' }),
  'me.listSessions': () => ({}),
  'me.deleteSession': (_, { sessionId }) => ({ id: sessionId }),
  'me.signOutEverywhere': () => ({ keepCurrent: true }),
  'me.endSessionsOf': operating(({ people }) => ({ email: people.newcomer.email })),
  'bot.introspect': ({ ids }) => ({ botId: ids.bot }),

  'account.list': () => ({ pageSize: 10 }),
  'account.create': ({ mark, fixture }) => ({
    name: `${mark} ${fixture.next()}`,
    workspaceName: mark,
    legalName: mark,
  }),
  'account.get': ({ ids }) => ({ accountId: ids.account }),
  'account.update': ({ ids, mark, fixture }) => ({
    accountId: ids.account,
    name: `${mark} ${fixture.next()}`,
    taxId: mark,
  }),
  'account.delete': ({ ids }) => ({ accountId: ids.closableAccount }),
  'account.listWorkspaces': ({ ids }) => ({ accountId: ids.account }),
  'account.listAdministrators': ({ ids }) => ({ accountId: ids.account }),
  'account.addAdministrator': ({ ids, people }) => ({ accountId: ids.account, email: people.newcomer.email }),
  'account.removeAdministrator': ({ ids, people }, by) => ({
    accountId: ids.account,
    userId: by.who === 'accountant' ? people.owner.userId : people.accountant.userId,
  }),
  'account.listTransfers': ({ ids }) => ({ accountId: ids.account }),
  'account.offerWorkspace': ({ ids }) => ({
    accountId: ids.account,
    workspaceId: ids.workspace,
    toAccountId: ids.neighbourAccount,
  }),
  'account.withdrawWorkspace': ({ ids }) => ({ accountId: ids.account, transferId: ids.outgoingMove }),
  'account.acceptWorkspace': ({ ids }) => ({ accountId: ids.account, transferId: ids.incomingMove }),
  'account.declineWorkspace': ({ ids }) => ({ accountId: ids.account, transferId: ids.incomingMove }),

  'workspace.create': ({ mark, fixture }) => ({ name: `${mark} ${fixture.next()}` }),
  'workspace.list': () => ({ pageSize: 10 }),
  'workspace.getPublic': async (tenant) => ({ id: await publicWorkspace(tenant) }),
  'workspace.listPublic': ({ mark }) => ({ search: mark }),
  'workspace.checkHandle': ({ mark }) => ({ handle: mark }),
  'workspace.get': ({ ids }) => ({ id: ids.workspace }),
  'workspace.changes': ({ ids }) => ({ workspaceId: ids.workspace }),
  'workspace.update': ({ ids }) => ({ id: ids.workspace }),
  'workspace.getSecurity': ({ ids }) => ({ id: ids.workspace }),
  'workspace.updateSecurity': ({ ids }) => ({ id: ids.workspace, secondFactorRequired: false }),
  'workspace.delete': ({ ids }) => ({ id: ids.workspace }),
  'workspace.setPreference': ({ ids, mark, fixture }) => ({
    workspaceId: ids.workspace,
    key: 'theme',
    value: { mark, number: fixture.next() },
  }),
  'workspace.getPreference': ({ ids }) => ({ workspaceId: ids.workspace, key: 'theme' }),

  'member.list': ({ ids }) => ({ workspaceId: ids.workspace }),
  'member.me': ({ ids }) => ({ workspaceId: ids.workspace }),
  'member.create': ({ ids, people }) => ({ workspaceId: ids.workspace, email: people.newcomer.email, role: 'viewer' }),
  'member.update': ({ ids, people }) => ({ workspaceId: ids.workspace, id: people.viewer.memberId, role: 'billing' }),
  'member.delete': (tenant, by) => ({
    workspaceId: tenant.ids.workspace,
    id: by.who === 'owner' || by.memberId === '' ? tenant.people.viewer.memberId : by.memberId,
  }),
  'member.invite': ({ ids, mark, fixture }) => ({
    workspaceId: ids.workspace,
    email: `${mark}-invited-${fixture.next()}@example.com`,
    role: 'viewer',
  }),
  'member.listInvitations': ({ ids }) => ({ workspaceId: ids.workspace }),
  'member.renewInvitation': ({ ids }) => ({ workspaceId: ids.workspace, id: ids.invitation }),
  'member.revokeInvitation': ({ ids }) => ({ workspaceId: ids.workspace, id: ids.invitation }),
  'member.lookupInvitation': ({ invitationSecret }) => ({ secret: invitationSecret }),
  'member.acceptInvitation': async (tenant, by) => ({ secret: await invite(tenant, by) }),
  'member.transferOwnership': ({ ids, people, mark }) => ({
    workspaceId: ids.workspace,
    memberId: people.manager.memberId,
    confirmName: `${mark} workspace`,
  }),
  'member.permissions': () => ({}),
  'member.explain': ({ ids, people }) => ({
    workspaceId: ids.workspace,
    permission: 'bot.delete',
    userId: people.developer.userId,
    botId: ids.bot,
  }),

  'recovery.createForMember': ({ ids, people }) => ({ workspaceId: ids.workspace, memberId: people.viewer.memberId }),
  'recovery.create': async (tenant) => {
    await makeOperator(tenant)
    return { email: tenant.people.newcomer.email, secondFactor: true }
  },
  'recovery.request': ({ people }) => ({ email: people.newcomer.email }),
  'recovery.lookup': async (tenant) => ({ secret: await recoveryLinkFor(tenant) }),
  'recovery.use': async (tenant) => ({ secret: await recoveryLinkFor(tenant), password: 'another good sentence' }),

  'bot.create': ({ ids, mark, fixture }) => ({
    workspaceId: ids.workspace,
    name: `${mark} ${fixture.next()}`,
    tags: { [mark]: mark },
    code: `// ${mark}`,
    secrets: { TOKEN: `${mark}-given-secret` },
    configuration: { data: { mark } },
  }),
  'bot.list': ({ ids, mark }) => ({ workspaceId: ids.workspace, tags: { [mark]: mark } }),
  'bot.get': ({ ids }) => ({ id: ids.bot }),
  'bot.update': ({ ids, mark, fixture }) => ({
    workspaceId: ids.workspace,
    id: ids.bot,
    name: `${mark} ${fixture.next()}`,
    secrets: { TOKEN: `${mark}-given-secret` },
    code: `// ${mark} again`,
  }),
  'bot.delete': ({ ids }) => ({ id: ids.bot }),
  'bot.transfer': ({ ids }) => ({ id: ids.bot, targetWorkspaceId: ids.second }),
  'bot.listKeys': ({ ids }) => ({ botId: ids.bot }),
  'bot.createKey': ({ ids, mark, fixture }) => ({ botId: ids.bot, note: `${mark} ${fixture.next()}` }),
  'bot.deleteKey': ({ ids }) => ({ id: ids.key }),
  'bot.getAllowlist': ({ ids }) => ({ botId: ids.bot }),
  'bot.updateAllowlist': ({ ids, people }) => ({
    botId: ids.bot,
    setting: 'SELECTED_USERS',
    users: { [people.developer.userId]: true },
  }),
  'bot.rotateSigningSecret': ({ ids }) => ({ id: ids.bot }),
  'bot.getJson': ({ ids }) => ({ id: ids.bot }),
  'bot.publishJson': ({ ids, mark, fixture }) => ({
    id: ids.bot,
    botJson: { configuration: { data: { mark, number: fixture.next() }, schema: {} }, code: `// ${mark} published` },
  }),

  'version.list': ({ ids }) => ({ id: ids.bot }),
  'version.history': ({ ids }) => ({ id: ids.bot }),
  'version.current': ({ ids }) => ({ id: ids.bot }),
  'version.create': ({ ids, mark, fixture }) => ({ id: ids.bot, name: `${mark} ${fixture.next()}`, note: mark }),
  'version.get': ({ ids }) => ({ id: ids.bot, versionId: ids.firstVersion }),
  'version.deploy': ({ ids }) => ({
    id: ids.bot,
    versionId: ids.firstVersion,
    expectedCurrentVersionId: ids.secondVersion,
  }),
  'version.describe': ({ ids }) => ({ id: ids.bot, versionId: ids.secondVersion }),
  'version.diff': ({ ids }) => ({ id: ids.bot, from: ids.firstVersion, to: ids.secondVersion }),
  'version.listDeployments': ({ ids }) => ({ id: ids.bot }),
  'version.rollback': ({ ids, mark }) => ({ id: ids.bot, note: mark }),

  'quota.get': ({ ids }) => ({ id: ids.workspace, type: 'bot_count' }),
  'quota.list': ({ ids }) => ({ id: ids.workspace }),
  'quota.listOfContract': ({ ids }) => ({ id: ids.workspace }),
  'quota.listCompletions': () => ({}),
  'quota.listOfAccount': ({ ids }) => ({ accountId: ids.account }),
  'quota.listAlerts': ({ ids }) => ({ id: ids.workspace }),
  'quota.setAiSpend': ({ ids, fixture }) => ({ workspaceId: ids.workspace, monthlySpendingLimit: fixture.next() }),
  'quota.getCatalogue': operating(() => ({})),
  'quota.applyCatalogue': operating(({ fixture }) => ({
    catalogue: {
      plans: [{ name: 'plain', title: `Plain ${fixture.next()}`, contractPlan: 'community', limits: {} }],
    },
  })),
  'quota.listRules': operating(({ ids }) => ({ accountId: ids.account })),
  'quota.assignPlan': operating(({ ids, mark }) => ({ accountId: ids.account, plan: null, reason: mark })),
  'quota.setOverride': operating(({ ids, mark }) => ({
    scope: 'workspace',
    scopeId: ids.workspace,
    type: 'bot_count',
    limit: '1000',
    reason: mark,
  })),
  'quota.endOverride': operating(async (tenant) => ({
    accountId: tenant.ids.account,
    id: await limitOf(tenant),
  })),
  'quota.block': operating(async (tenant) => {
    await unblocked(tenant)
    return { workspaceId: tenant.ids.workspace, reason: tenant.mark }
  }),
  'quota.unblock': operating(async (tenant) => {
    await unblocked(tenant)
    await blocked(tenant)
    return { workspaceId: tenant.ids.workspace }
  }),

  'audit.list': ({ ids }) => ({ id: ids.workspace }),
  'audit.describe': async (tenant) => ({ id: tenant.ids.workspace, recordId: await auditRecord(tenant) }),
  'audit.verify': ({ ids }) => ({ id: ids.workspace }),
  'audit.export': ({ ids }) => ({ id: ids.workspace, format: 'jsonl' }),
  'audit.listCheckpoints': ({ ids }) => ({ id: ids.workspace }),
  'audit.erase': ({ ids, people }) => ({ id: ids.workspace, userId: people.viewer.userId }),
}

/** What is open to everybody's key by the table, and asks for the operator by itself. */
export const forOperators: readonly string[] = [
  'recovery.create',
  'me.endSessionsOf',
  'quota.getCatalogue',
  'quota.applyCatalogue',
  'quota.listRules',
  'quota.assignPlan',
  'quota.setOverride',
  'quota.endOverride',
  'quota.block',
  'quota.unblock',
]

type Part = Extract<Permission, `${string}#${string}`>
type PathOf<P> = P extends `${infer Path extends ProcedurePath}#${string}` ? Path : never

/** The stricter parts of procedures, and what is allowed on one's own: rows of the matrix beside the procedures. */
export const variantInput: { [P in Part | 'bot.delete#own']: Make<InputOf<PathOf<P>>> } = {
  'workspace.update#profile': ({ ids, mark }) => ({ id: ids.workspace, about: mark }),
  'workspace.update#spendingLimit': ({ ids }) => ({ id: ids.workspace, spendingLimit: 50 }),
  'member.delete#others': ({ ids, people }, by) => ({
    workspaceId: ids.workspace,
    id: people[by.who === 'viewer' ? 'billing' : 'viewer'].memberId,
  }),
  'bot.update#operation': ({ ids }) => ({ id: ids.bot, alwaysAlive: true }),
  'bot.delete#own': async (tenant, by) => ({ id: await ownBot(tenant, by) }),
}

/** All rows of the matrix with their inputs, loosely typed: the tests go over them as data. */
export const rows = new Map<string, Make<Record<string, unknown>>>(
  Object.entries<Make<object>>({ ...validInput, ...variantInput } as Record<string, Make<object>>).map(
    ([name, make]) => [name, make as Make<Record<string, unknown>>],
  ),
)

export const procedurePaths = Object.keys(validInput) as ProcedurePath[]

export const pathOf = (row: string): string => row.split('#')[0] ?? row

/** Who an input succeeds for. */
export function rightActor(path: string): Who {
  return path === 'me.delete' ? 'viewer' : 'owner'
}

export async function inputFor(row: string, tenant: Tenant, by: Person): Promise<Record<string, unknown>> {
  const make = rows.get(row)
  if (!make) throw new Error(`There is no input for ${row}.`)
  return make(tenant, by)
}
