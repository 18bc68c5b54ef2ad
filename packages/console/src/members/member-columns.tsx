import { Avatar } from '../ui/avatar.tsx'
import { Badge } from '../ui/badge.tsx'
import { defineFilters } from '../ui/list/conditions.ts'
import type { Column } from '../ui/list/list.types.ts'
import { Time } from '../ui/time.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { MemberStateBadge } from './member-state.tsx'
import { type MemberRow, nameOf, roleOrder, roleWords } from './members.ts'
import { RoleMenu } from './role-menu.tsx'

export const memberFilters = defineFilters({
  q: { kind: 'text', label: 'Name or e-mail' },
  role: {
    kind: 'choice',
    label: 'Role',
    options: roleOrder.map((value) => ({ value, label: roleWords[value].label })),
  },
  state: {
    kind: 'choice',
    label: 'State',
    options: [
      { value: 'joined', label: 'Member' },
      { value: 'invited', label: 'Invited' },
      { value: 'expired', label: 'Invitation ended' },
    ],
  },
})

export const memberColumns: Column<MemberRow>[] = [
  { id: 'person', header: 'Person', width: 'minmax(10.5rem,2.4fr)', cell: (row) => <Person row={row} /> },
  { id: 'role', header: 'Role', width: 'minmax(8.5rem,1fr)', cell: (row) => <RoleMenu member={row} /> },
  {
    id: 'state',
    header: 'State',
    width: 'minmax(9.5rem,1fr)',
    wide: true,
    cell: (row) => <MemberStateBadge row={row} />,
  },
  { id: 'since', header: 'Since', width: '8rem', wide: true, cell: (row) => <Since row={row} /> },
]

function Person({ row }: { row: MemberRow }) {
  const { me } = useWorkspace()
  const name = nameOf(row)
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Avatar name={name} className={row.userId === undefined ? 'border-dashed opacity-70' : ''} />
      <span className="max-w-full shrink-0 truncate font-medium">{name}</span>
      {row.userId === me.id && <Badge>You</Badge>}
      {name !== row.email && <span className="truncate text-n11">{row.email}</span>}
    </span>
  )
}

function Since({ row }: { row: MemberRow }) {
  return <Time at={row.createdAt} className="text-n11" />
}
