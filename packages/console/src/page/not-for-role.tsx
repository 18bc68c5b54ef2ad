import type { Permission } from '@steward/api'
import { WhoCould } from './who-could.tsx'
import { ForbiddenState } from '../ui/error-state.tsx'
import { useWorkspace } from '../session/use-workspace.ts'
import { useRolesThatMay } from '../session/roles-for.ts'

/** Stands where a page would be that the role does not open: which roles may, and who has one. */
export function NotForRole({ permission, what }: { permission: Permission; what: string }) {
  const { role } = useWorkspace()
  const roles = useRolesThatMay(permission)
  return (
    <ForbiddenState failure={{ message: `The role ${role} cannot see ${what}.`, roles }}>
      <WhoCould permission={permission} />
    </ForbiddenState>
  )
}
