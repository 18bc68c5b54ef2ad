import type { Permission } from '@steward/api'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { permissionsOptions } from './use-workspace.ts'

/** "administrator or owner": the roles that the server's table names. */
export function useRolesFor(permission: Permission): string {
  const { data } = useSuspenseQuery(permissionsOptions())
  const roles = data.permissions.find((rule) => rule.permission === permission)?.roles ?? []
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(roles)
}

/** Which roles may: for refusals that help. */
export function useRolesThatMay(permission: Permission): readonly string[] {
  const { data: table } = useQuery(permissionsOptions())
  return table?.permissions.find((rule) => rule.permission === permission)?.roles ?? []
}
