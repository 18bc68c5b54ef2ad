import type { Permission, Rule } from '../core/access/rule.ts'

/** What readers of the document have to know before the first call. */
export const introduction = `Operations under \`/v1/admin\` are the contract's, answered exactly as it says. What goes beyond it stands under \`/v1/steward\`.

**Authentication.** Send \`authorization: Bearer <token>\` with a personal access token (\`bp_pat_…\`), or with the key of a bot (\`bp_bak_…\`) where that is said. Pages of the console are known by their session cookie.

**Workspace.** Where the path does not name the workspace, the header \`x-workspace-id\` does.

**Lists** answer a page and, in \`meta.nextToken\`, where the next one starts; it is absent on the last page.

**Repeating safely.** A request that changes something may carry an \`idempotency-key\` of 1 to 255 characters. Sent again within a day, with the same content, it has one effect and gets the same answer.

**Failures** are one object on every operation; its \`type\` decides the status, and its \`id\` is in Steward's log.

**Limits.** Answers tell in \`ratelimit-limit\`, \`ratelimit-remaining\` and \`ratelimit-reset\` how many calls are left. Every answer carries \`x-request-id\`.`

/** Who may call, as a sentence or two. */
export function whoMay(permission: Permission, { scope, roles, ownRoles, key, botKeys }: Rule): string {
  const sentences = [`Permission \`${permission}\`, ${whoOf(scope, roles)}.`]
  if (ownRoles) sentences.push(`On what they created also: ${ownRoles.join(', ')}.`)
  if (botKeys) sentences.push('The key of a bot may call it too.')
  if (key) sentences.push(`A token with scopes needs \`${key}\`.`)
  return sentences.join(' ')
}

function whoOf(scope: Rule['scope'], roles: readonly string[]): string {
  if (scope === 'anyone') return 'for anybody, without a credential too'
  if (scope === 'account') return 'for administrators of the account'
  if (scope === 'any' || scope === 'self') return 'for everybody who is signed in'
  return `for these roles in the workspace: ${roles.join(', ')}`
}
