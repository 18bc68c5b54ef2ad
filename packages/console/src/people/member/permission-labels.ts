import type { RouterOutputs } from '@steward/api'
import type { Role, Rule } from '../../session/rights.ts'

export type Explanation = RouterOutputs['member']['explain']
type Decider = Explanation['decidedBy']

const concepts: Record<string, string> = {
  setup: 'Setup',
  me: 'Your account',
  signIn: 'Signing in',
  account: 'Accounts',
  workspace: 'Workspace',
  member: 'Members',
  recovery: 'Recovery links',
  bot: 'Bots',
  version: 'Versions and deployments',
  audit: 'Audit trail',
}

/** `bot.updateAllowlist` → "Update allowlist"; `workspace.update#profile` → "Update: profile". */
export function permissionLabel(permission: string): string {
  const [path = '', part] = permission.split('#')
  const said = spaced(path.slice(path.indexOf('.') + 1))
  return part === undefined ? said : `${said}: ${spaced(part).toLowerCase()}`
}

function spaced(name: string): string {
  const words = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function conceptOf(permission: string): string {
  return permission.slice(0, permission.indexOf('.'))
}

export function conceptLabel(concept: string): string {
  return concepts[concept] ?? spaced(concept)
}

export interface RuleGroup {
  concept: string
  label: string
  rules: Rule[]
}

/** The table by concept, in the server's order; what a workspace's roles do not decide comes last, in groups as well. */
export function groupRules(rules: readonly Rule[]): RuleGroup[] {
  const sorted = rules.toSorted((a, b) => Number(b.roles.length > 0) - Number(a.roles.length > 0))
  return [...Map.groupBy(sorted, ({ permission }) => conceptOf(permission))].map(([concept, found]) => ({
    concept,
    label: conceptLabel(concept),
    rules: found,
  }))
}

/** Whether every word of a search is somewhere in a permission's name, words, group or token scope. */
export function ruleMatches(rule: Rule, search: string): boolean {
  const { permission, key } = rule
  const text =
    `${permission} ${permissionLabel(permission)} ${conceptLabel(conceptOf(permission))} ${key ?? ''}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** What a role may: yes, only on what it created, or no. Null where roles do not decide. */
export function allowance(rule: Rule, role: Role): 'yes' | 'own' | 'no' | null {
  if (rule.scope !== 'workspace' && rule.scope !== 'bot') return null
  if (rule.roles.includes(role)) return 'yes'
  return rule.ownRoles.includes(role) ? 'own' : 'no'
}

/** Who may, where no role of the workspace decides. */
export const scopeLabels: Record<Exclude<Rule['scope'], 'workspace' | 'bot'>, string> = {
  anyone: 'Everybody, even without signing in',
  any: 'Everybody who is signed in',
  self: 'Everybody who is signed in, for themselves',
  account: 'Administrators of the account',
}

export interface Step {
  id: Decider
  label: string
  /** Passed: it holds, and the next is asked. Missed: it would have helped, but does not hold. Left: not asked any more. */
  state: 'passed' | 'missed' | 'allowed' | 'denied' | 'left'
}

const stepLabels: Record<Decider, string> = {
  anyone: 'Visible to everybody',
  system: 'The system itself',
  botKey: 'Bot keys can call it',
  keyScope: 'The token has the scope',
  boundToken: 'The token is not limited to one workspace',
  signedIn: 'Signed in',
  notAMember: 'Member of this workspace',
  allowlist: 'The bot is visible to them',
  role: 'The role allows it',
  creator: 'They created the bot, and their role allows it on their own bots',
  accountAdministrator: 'Administers the workspace’s account',
}

/**
 * The rules in the order in which the server asks them (rights.service.ts), with the one that settled the answer.
 * Rules that cannot matter here, such as a token's scope without a token, are left out unless they decided.
 */
export function stepsOf(
  { rule, decidedBy, allowed }: Pick<Explanation, 'rule' | 'decidedBy' | 'allowed'>,
  about: { bot: boolean },
): Step[] {
  const chain = chainOf(rule, about)
  const ids = chain.includes(decidedBy) ? chain : withDecider(chain, decidedBy)
  const at = ids.indexOf(decidedBy)
  const stateOf = (id: Decider, index: number): Step['state'] => {
    if (index === at) return allowed ? 'allowed' : 'denied'
    // After a role that may not, having created the bot would do; the answer stays the role's when it does not.
    if (id === 'creator' && decidedBy === 'role' && !allowed) return 'missed'
    if (id === 'role' && decidedBy === 'creator') return 'missed'
    return index < at ? 'passed' : 'left'
  }
  return ids.map((id, index) => ({ id, label: stepLabels[id], state: stateOf(id, index) }))
}

function chainOf(rule: Rule, { bot }: { bot: boolean }): Decider[] {
  if (rule.scope === 'anyone') return ['anyone']
  if (rule.scope === 'any' || rule.scope === 'self') return ['signedIn']
  if (rule.scope === 'account') return ['accountAdministrator']
  if (rule.scope === 'workspace' || !bot) return ['notAMember', 'role']
  return rule.ownRoles.length === 0
    ? ['notAMember', 'allowlist', 'role']
    : ['notAMember', 'allowlist', 'role', 'creator']
}

/** What concerns the credential is asked before anything about the person. */
function withDecider(chain: Decider[], decidedBy: Decider): Decider[] {
  return [decidedBy, ...chain]
}
