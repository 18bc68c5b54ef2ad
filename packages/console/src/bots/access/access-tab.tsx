import { useQuery } from '@tanstack/react-query'
import type { RouterInputs } from '@steward/api'
import { Plus, X } from 'lucide-react'
import { client, trpc } from '../../session/trpc.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { edit, useChange } from '../../ui/change.ts'
import { OptionList } from '../../ui/combobox.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Popover } from '../../ui/popover.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Surface } from '../../ui/surface.tsx'
import { count } from '../../ui/time-text.ts'
import { useBot } from '../bot/bot.ts'
import { patchedAllowlist } from './allowlist.ts'
import { NotForRole } from '../../page/not-for-role.tsx'
import { type Member, allMembersOptions, nameOf } from '../../session/members.ts'

type Update = RouterInputs['bot']['updateAllowlist']

/** Who of the workspace may see this bot. */
export function AccessTab() {
  const { may } = useBot()
  return may('bot.getAllowlist') ? <Access /> : <NotForRole permission="bot.getAllowlist" what="who can see a bot" />
}

const choices = [
  { value: 'ALL_WORKSPACE_USERS', label: 'Everybody', about: 'Every member of the workspace, as their role allows.' },
  {
    value: 'SELECTED_USERS',
    label: 'Selected members',
    about: 'Only the people below. Administrators and owners always see it.',
  },
] as const

function Access() {
  const { at, bot, may } = useBot()
  const input = { workspaceId: at.workspaceId, botId: at.id }
  const list = useQuery(trpc.bot.getAllowlist.queryOptions(input))
  const members = useQuery(allMembersOptions(at.workspaceId))
  const change = useChange(trpc.bot.updateAllowlist.mutationOptions(), {
    show: (update) => [edit(trpc.bot.getAllowlist.queryKey(input), (old) => patchedAllowlist(old, update))],
    refresh: () => [trpc.bot.getAllowlist.pathFilter(), trpc.bot.list.pathFilter()],
    done: (_answer, { setting, users }) => wordsOf(setting, Object.values(users ?? {})),
    undo:
      (_answer, { setting, users }) =>
      () =>
        client.bot.updateAllowlist.mutate({
          ...input,
          ...(setting && { setting: setting === 'SELECTED_USERS' ? 'ALL_WORKSPACE_USERS' : 'SELECTED_USERS' }),
          ...(users && { users: Object.fromEntries(Object.entries(users).map(([id, listed]) => [id, !listed])) }),
        }),
  })
  const error = list.error ?? members.error
  if (error) return <ErrorState error={error} retry={() => void Promise.all([list.refetch(), members.refetch()])} />
  if (!list.data || !members.data) return <SkeletonLines lines={5} />
  const { setting, users } = list.data
  const mayChange = may('bot.updateAllowlist')
  const listed = users.map(({ id }) => ({ id, member: members.data.find(({ userId }) => userId === id) }))
  const others = members.data.filter(({ userId }) => userId && !users.some(({ id }) => id === userId))
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <fieldset className="grid gap-3 sm:grid-cols-2" disabled={!mayChange}>
        <legend className="mb-2 font-semibold">Who can see {bot.name}</legend>
        {choices.map(({ value, label, about }) => (
          <label
            key={value}
            className="flex cursor-default gap-3 rounded-lg border border-n5 bg-raised p-4 has-checked:border-accent has-checked:bg-accent-surface has-focus-visible:outline-2 has-focus-visible:outline-ring"
          >
            <input
              type="radio"
              name="who"
              value={value}
              checked={setting === value}
              onChange={() => change.mutate({ ...input, setting: value })}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span>
              <span className="block font-medium">{label}</span>
              <span className="text-sm text-n11">{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Surface
        title="Selected members"
        about={
          setting === 'SELECTED_USERS'
            ? count(users.length, ['member', 'members'])
            : users.length > 0
              ? 'Applies when the bot is visible only to selected members.'
              : 'Nobody is selected. Everybody can see the bot.'
        }
        flush
        {...(mayChange && {
          action: <AddMember members={others} onAdd={(id) => change.mutate({ ...input, users: { [id]: true } })} />,
        })}
      >
        {listed.length === 0 ? (
          <p className="border-t border-n5 px-4 py-4 text-n11">
            {setting === 'SELECTED_USERS'
              ? 'Nobody yet. Only administrators and owners can see the bot.'
              : 'Select members before you hide the bot from everybody else.'}
          </p>
        ) : (
          <ul className="border-t border-n5">
            {listed.map(({ id, member }) => (
              <Person
                key={id}
                id={id}
                member={member}
                {...(mayChange && { onRemove: () => change.mutate({ ...input, users: { [id]: false } }) })}
              />
            ))}
          </ul>
        )}
      </Surface>
    </div>
  )
}

function wordsOf(setting: Update['setting'], changed: readonly boolean[]): string {
  if (setting) return setting === 'SELECTED_USERS' ? 'Visible only to selected members' : 'Visible to everybody'
  return changed[0] ? 'Member added' : 'Member removed'
}

function AddMember({ members, onAdd }: { members: readonly Member[]; onAdd: (userId: string) => void }) {
  return (
    <Popover
      align="end"
      label="Add a member"
      className="w-80 p-0"
      trigger={
        <Button size="small" disabled={members.length === 0}>
          <Plus aria-hidden />
          Add member
        </Button>
      }
    >
      <OptionList
        placeholder="Search members"
        empty="No other member matches."
        options={members.map((member) => ({ value: member.userId ?? '', label: nameOf(member), hint: member.role }))}
        onPick={onAdd}
      />
    </Popover>
  )
}

function Person({ id, member, onRemove }: { id: string; member: Member | undefined; onRemove?: () => void }) {
  const name = member ? nameOf(member) : id
  return (
    <li className="flex min-h-11 items-center gap-3 border-b border-n5 px-4 last:border-b-0">
      <Avatar name={name} />
      <span className="min-w-0 flex-1 truncate">
        {name}
        {member?.displayName && <span className="text-n10"> {member.email}</span>}
      </span>
      {member && <Badge>{member.role}</Badge>}
      {onRemove && (
        <Button look="ghost" size="smallIcon" aria-label={`Remove ${name}`} onClick={onRemove}>
          <X aria-hidden />
        </Button>
      )}
    </li>
  )
}
