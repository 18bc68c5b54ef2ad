import { ChevronDown } from 'lucide-react'
import { createContext, use } from 'react'
import { Menu, MenuChoice, MenuChoices } from '../../ui/menu.tsx'
import { rolesGivenBy, whyNotChange } from './member-rules.ts'
import { type Member, nameOf, roleLabels } from '../../session/members.ts'
import { useChangeRole } from './use-member-changes.ts'
import { useReader } from './use-reader.ts'

interface Editing {
  /** The member whose menu is open. */
  id: string | null
  set: (id: string | null) => void
}

/** Lets the list's `e` and its menus open the role menu of a row. */
export const EditingRole = createContext<Editing>({ id: null, set: () => {} })

/** A member's role; a menu for those who may change it. */
export function RoleMenu({ member, inspector }: { member: Member; inspector?: boolean }) {
  const reader = useReader()
  const changeRole = useChangeRole()
  const editing = use(EditingRole)
  const reason = whyNotChange(member, reader)
  const { label } = roleLabels[member.role]
  if (reason !== null) return <span title={reader.mayChange ? reason : undefined}>{label}</span>
  const at = inspector ? `inspector ${member.id}` : member.id
  return (
    <Menu
      align="start"
      open={editing.id === at}
      onOpenChange={(open) => editing.set(open ? at : null)}
      className="w-80"
      trigger={
        <button
          type="button"
          {...(!inspector && { tabIndex: -1 })}
          aria-label={`Role of ${nameOf(member)}: ${label}. Change`}
          className="group/role inline-flex h-6 items-center gap-1 rounded-xs pr-1 focus-visible:outline-offset-[-2px]"
        >
          {label}
          <ChevronDown
            className="size-3 text-n10 group-hover/role:text-n12 group-data-[state=open]/role:text-n12"
            aria-hidden
          />
        </button>
      }
    >
      <MenuChoices
        value={member.role}
        onValueChange={(role) => {
          editing.set(null)
          changeRole(member, role as Member['role'])
        }}
      >
        {rolesGivenBy(reader.role).map((role) => (
          <MenuChoice key={role} value={role} className="items-start py-1.5 [&_svg]:mt-0.5">
            <span>
              <span className="block font-medium">{roleLabels[role].label}</span>
              <span className="block text-sm text-n10">{roleLabels[role].about}</span>
            </span>
          </MenuChoice>
        ))}
      </MenuChoices>
    </Menu>
  )
}
