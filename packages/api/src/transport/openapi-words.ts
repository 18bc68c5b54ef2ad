import type { Permission, Rule } from '../core/access/rule.ts'

/** What readers of the document have to know before the first call. */
export const introduction = `Operations under \`/v1/admin\` follow the contract exactly. Everything beyond it is under \`/v1/steward\`.

**Authentication.** Send \`authorization: Bearer <token>\` with a personal access token (\`bp_pat_…\`), or with the key of a bot (\`bp_bak_…\`) where that is stated. The console authenticates with a session cookie.

**Workspace.** If the path does not contain the workspace, send it in the header \`x-workspace-id\`.

**Lists** return one page and, in \`meta.nextToken\`, where the next one starts. The last page has no token.

**Retrying safely.** A request that changes something can have an \`idempotency-key\` header of 1 to 255 characters. Sent again with the same content within a day, it takes effect once and gets the same response.

**Errors** have the same shape for every operation. Their \`type\` determines the status, and their \`id\` is in Steward's log.

**Limits.** The headers \`ratelimit-limit\`, \`ratelimit-remaining\` and \`ratelimit-reset\` say how many calls are left. Every response has an \`x-request-id\`.`

/** Who may call, as a sentence or two. */
export function whoMay(permission: Permission, { scope, roles, ownRoles, key, botKeys }: Rule): string {
  const sentences = [`Permission \`${permission}\`, ${whoOf(scope, roles)}.`]
  if (ownRoles) sentences.push(`For what they created, also: ${ownRoles.join(', ')}.`)
  if (botKeys) sentences.push('A bot key can call it, too.')
  if (key) sentences.push(`A token with scopes needs \`${key}\`.`)
  return sentences.join(' ')
}

function whoOf(scope: Rule['scope'], roles: readonly string[]): string {
  if (scope === 'anyone') return 'for anybody, even without a credential'
  if (scope === 'account') return 'for administrators of the account'
  if (scope === 'any' || scope === 'self') return 'for everybody who is signed in'
  return `for these roles in the workspace: ${roles.join(', ')}`
}
