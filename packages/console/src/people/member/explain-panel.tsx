import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { Check, CircleDashed, Minus, X } from 'lucide-react'
import { failureOf } from '../../base/failure.ts'
import { client, trpc } from '../../session/trpc.ts'
import { State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { CopyAs } from '../../page/copy-as/copy-as.tsx'
import { cx } from '../../ui/cx.ts'
import { ErrorNote } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { shortId } from '../../ui/ids.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { WhoList } from '../../page/who-could.tsx'
import { useWorkspace } from '../../session/use-workspace.ts'
import { allMembersOptions, nameOf, roleLabels } from '../../session/members.ts'
import { type Explanation, type Step, conceptOf, conceptLabel, permissionLabel, stepsOf } from './permission-labels.ts'

export interface ExplainQuery {
  permission: string
  /** User id; null is the reader. */
  person: string | null
  bot: string | null
}

interface Props {
  question: ExplainQuery
  permissions: readonly { permission: string; scope: string }[]
  onAsk: (question: ExplainQuery) => void
  onClose: () => void
}

/** Bots to choose from; others are reached by their id in the address. */
const mostBots = 500

function botChoicesOptions(workspaceId: string) {
  return queryOptions({
    queryKey: [...trpc.bot.list.queryKey({ workspaceId }), 'choices'],
    queryFn: async ({ signal }) => {
      const found: { value: string; label: string; hint: string }[] = []
      let nextToken: string | undefined
      do {
        const input = { workspaceId, pageSize: 100, sortField: 'updatedAt', sortDirection: 'desc' } as const
        const answer = await client.bot.list.query({ ...input, ...(nextToken && { nextToken }) }, { signal })
        found.push(...answer.bots.map(({ id, name }) => ({ value: id, label: name, hint: shortId(id) })))
        nextToken = answer.meta.nextToken
      } while (nextToken && found.length < mostBots)
      return found
    },
  })
}

/** Why a person can or cannot do something, and who may: asked of the server, with the rule that settled it. */
export function ExplainPanel({ question, permissions, onAsk, onClose }: Props) {
  const { workspaceId, me } = useWorkspace()
  const { permission, person, bot } = question
  const aboutBots = permissions.find((rule) => rule.permission === permission)?.scope === 'bot'
  const input = {
    workspaceId,
    permission,
    ...(person !== null && person !== me.id && { userId: person }),
    ...(aboutBots && bot !== null && { botId: bot }),
  }
  const { data, error, isPlaceholderData } = useQuery(
    trpc.member.explain.queryOptions(input, { placeholderData: keepPreviousData }),
  )
  const { data: members = [] } = useQuery(allMembersOptions(workspaceId))
  const { data: bots = [] } = useQuery({ ...botChoicesOptions(workspaceId), enabled: aboutBots })
  const people = members.flatMap((member) =>
    member.userId === undefined
      ? []
      : [
          {
            value: member.userId,
            label: `${nameOf(member)}${member.userId === me.id ? ' (you)' : ''}`,
            hint: roleLabels[member.role].label,
          },
        ],
  )
  const asked = person ?? me.id
  const known = people.some(({ value }) => value === asked)
  return (
    <aside
      aria-label="Why a person can or cannot do something"
      className="flex w-[25rem] max-w-[50vw] shrink-0 animate-slide flex-col border-l border-n5 bg-raised"
    >
      <header className="flex h-12 shrink-0 items-center gap-1 border-b border-n5 pr-2 pl-4">
        <h2 className="min-w-0 flex-1 truncate font-semibold">Explain a permission</h2>
        <CopyAs request={{ path: 'member.explain', input }} />
        <Button look="ghost" size="smallIcon" onClick={onClose} aria-label="Close">
          <X aria-hidden />
        </Button>
      </header>
      <div className="pane min-h-0 flex-1 p-4">
        <div className="flex flex-col gap-3">
          <Field label="Permission">
            {(control) => (
              <Combobox
                {...control}
                value={permission}
                onChange={(next) => onAsk({ ...question, permission: next })}
                empty="No matching permission."
                options={permissions.map(({ permission: value }) => ({
                  value,
                  label: `${conceptLabel(conceptOf(value))}: ${permissionLabel(value).toLowerCase()}`,
                }))}
              />
            )}
          </Field>
          <Field label="Person">
            {(control) => (
              <Combobox
                {...control}
                value={asked}
                onChange={(next) => onAsk({ ...question, person: next === me.id ? null : next })}
                empty="No matching member."
                options={known ? people : [...people, { value: asked, label: shortId(asked), hint: 'not a member' }]}
              />
            )}
          </Field>
          {aboutBots && (
            <Field label="Bot" optional help="Takes into account who created it and who can see it.">
              {(control) => (
                <div className="flex gap-2">
                  <div className="min-w-0 flex-1">
                    <Combobox
                      {...control}
                      value={bot}
                      onChange={(next) => onAsk({ ...question, bot: next })}
                      placeholder="Any bot"
                      empty="No matching bot."
                      options={
                        bot === null || bots.some(({ value }) => value === bot)
                          ? bots
                          : [...bots, { value: bot, label: shortId(bot) }]
                      }
                    />
                  </div>
                  {bot !== null && (
                    <Button
                      size="icon"
                      look="ghost"
                      aria-label="Ask about bots in general"
                      onClick={() => onAsk({ ...question, bot: null })}
                    >
                      <X aria-hidden />
                    </Button>
                  )}
                </div>
              )}
            </Field>
          )}
        </div>
        <div className="mt-5 border-t border-n5 pt-4" aria-live="polite" aria-busy={isPlaceholderData}>
          {error ? (
            <ErrorNote failure={failureOf(error)} />
          ) : !data ? (
            <SkeletonLines lines={5} />
          ) : (
            <Answer answer={data} bot={input.botId !== undefined} stale={isPlaceholderData} />
          )}
        </div>
      </div>
    </aside>
  )
}

function Answer({ answer, bot, stale }: { answer: Explanation; bot: boolean; stale: boolean }) {
  const { allowed, reason, who, rule } = answer
  return (
    <div className={cx('flex flex-col gap-5', stale && 'opacity-60')}>
      <div>
        <State tone={allowed ? 'good' : 'bad'}>{allowed ? 'Allowed' : 'Denied'}</State>
        <p className="mt-2 text-lg leading-6">{reason}</p>
      </div>
      <section>
        <h3 className="mb-2 font-semibold">Rules, in the order they are checked</h3>
        <ol className="flex flex-col">
          {stepsOf(answer, { bot }).map((step) => (
            <StepLine key={step.id} step={step} />
          ))}
        </ol>
        {rule.scope === 'bot' && !bot && (
          <p className="mt-2 text-sm text-n10">If a bot is visible only to selected people, choose it.</p>
        )}
      </section>
      <section>
        <h3 className="mb-1 font-semibold">
          Who can{' '}
          <span className="font-normal text-n10">
            {who.more ? `more than ${who.members.length}` : who.members.length}
          </span>
        </h3>
        {who.members.length === 0 ? <p className="text-n11">Nobody in this workspace.</p> : <WhoList who={who} />}
      </section>
    </div>
  )
}

function StepLine({ step: { label, state } }: { step: Step }) {
  const Icon = state === 'denied' ? X : state === 'left' ? CircleDashed : state === 'missed' ? Minus : Check
  const decided = state === 'allowed' || state === 'denied'
  const word = { passed: 'yes', missed: 'no', allowed: 'allowed', denied: 'denied', left: 'not asked' }[state]
  return (
    <li
      className={cx(
        'flex min-h-8 items-center gap-2 rounded-sm px-2',
        state === 'allowed' && 'bg-good-surface font-medium text-good',
        state === 'denied' && 'bg-bad-surface font-medium text-bad',
        (state === 'left' || state === 'missed') && 'text-n10',
      )}
    >
      <Icon className="size-4 shrink-0" aria-hidden />
      <span className="min-w-0 flex-1">{label}</span>
      <span className={cx('text-xs', decided ? '' : 'text-n10')}>{decided ? `${word} here` : word}</span>
    </li>
  )
}
