import { ForbiddenState } from '../ui/error-state.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { nameOf, useWhoMay } from './people.ts'

const shown = 4

/** Stands where a page would be that the role does not open: which roles may, and who has one. */
export function NotForRole({ permission, what }: { permission: string; what: string }) {
  const { workspaceId, role } = useWorkspace()
  const { roles, people } = useWhoMay(workspaceId, permission)
  return (
    <ForbiddenState failure={{ message: `As ${role} you do not see ${what}.`, roles }}>
      {people.length > 0 && (
        <p>
          Ask {people.slice(0, shown).map(nameOf).join(', ')}
          {people.length > shown && ` or ${people.length - shown} more`}.
        </p>
      )}
    </ForbiddenState>
  )
}
