import { Avatar } from '../../ui/avatar.tsx'
import { defineFilters } from '../../page/list/conditions.ts'
import type { Column } from '../../page/list/list.types.ts'
import { Time } from '../../ui/time.tsx'
import { useWorkspace } from '../../session/use-workspace.ts'
import { MemberStateBadge } from './member-state.tsx'
import { type MemberRow, roleOrder } from './member-rules.ts'
import { nameOf, roleLabels } from '../../session/members.ts'
import { RoleMenu } from './role-menu.tsx'

export const memberFilters = defineFilters({
  q: { kind: 'text', label: 'Name or email' },
  role: {
    kind: 'choice',
    label: 'Role',
    options: roleOrder.map((value) => ({ value, label: roleLabels[value].label })),
  },
  state: {
    kind: 'choice',
    label: 'State',
    options: [
      { value: 'joined', label: 'Member' },
      { value: 'invited', label: 'Invited' },
      { value: 'expired', label: 'Invitation expired' },
    ],
  },
})

export const memberColumns: Column<MemberRow>[] = [
  { id: 'person', header: 'Person', width: 'minmax(11rem,1.4fr)', cell: (row) => <Person row={row} /> },
  {
    id: 'email',
    header: 'Email',
    width: 'minmax(11rem,1.4fr)',
    cell: ({ email }) => (
      <span className="text-n11" title={email}>
        {email}
      </span>
    ),
  },
  { id: 'role', header: 'Role', width: 'minmax(8.5rem,0.8fr)', cell: (row) => <RoleMenu member={row} /> },
  {
    id: 'state',
    header: 'State',
    width: 'minmax(9.5rem,0.8fr)',
    wide: true,
    cell: (row) => <MemberStateBadge row={row} />,
  },
  { id: 'since', header: 'Since', width: '6rem', wide: true, cell: (row) => <Since row={row} /> },
]

function Person({ row }: { row: MemberRow }) {
  const { me } = useWorkspace()
  const name = nameOf(row)
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Avatar name={name} className={row.userId === undefined ? 'border-dashed opacity-70' : ''} />
      <span className="min-w-0 truncate font-medium" title={name}>
        {name === row.email ? name.split('@')[0] : name}
      </span>
      {row.userId === me.id && <span className="shrink-0 text-n10">you</span>}
    </span>
  )
}

function Since({ row }: { row: MemberRow }) {
  return <Time at={row.createdAt} className="text-n11" />
}
