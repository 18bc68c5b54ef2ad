import type { Permission, RouterOutputs } from '@steward/api'

export type Role = RouterOutputs['member']['me']['role']
export type Rule = RouterOutputs['member']['permissions']['permissions'][number]

export type May = (permission: Permission, options?: { own?: boolean }) => boolean

/**
 * Reads the server's own table, so that the console offers what will be allowed. The server decides all the same.
 * @param own it is about something the person created.
 */
export function mayOf(rules: readonly Rule[], role: Role | null): May {
  const byName = new Map(rules.map((rule) => [rule.permission, rule]))
  return (permission, options) => {
    const rule = byName.get(permission)
    if (!rule) return false
    if (rule.scope !== 'workspace' && rule.scope !== 'bot') return true
    return role !== null && (rule.roles.includes(role) || (options?.own === true && rule.ownRoles.includes(role)))
  }
}
