import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { RouterInputs, RouterOutputs } from '@steward/api'
import { failureOf } from '../../base/failure.ts'
import { client, queryClient, trpc } from '../../session/trpc.ts'
import { type Edit, edit, editAll, useChange } from '../../ui/change.ts'
import { patchedTags, undoOf } from './patches.ts'
import { useWorkspace, type WorkspaceHere } from '../../session/use-workspace.ts'

export type Bot = RouterOutputs['bot']['get']['bot']
export type BotSummary = RouterOutputs['bot']['list']['bots'][number]
export type BotUpdate = RouterInputs['bot']['update']
export type Version = RouterOutputs['version']['history']['versions'][number]
export type Deployment = RouterOutputs['version']['listDeployments']['deployments'][number]
export type Diff = RouterOutputs['version']['diff']

/** The same input as the breadcrumb's, so that both share one answer. */
export function botOptions(workspaceId: string, id: string) {
  return trpc.bot.get.queryOptions({ workspaceId, id })
}

export interface BotHere extends WorkspaceHere {
  bot: Bot
  /** What every procedure of `bot` and `version` takes to name this one. */
  at: { workspaceId: string; id: string }
}

/** The bot of the address. Its route has loaded it, so nothing waits. */
export function useBot(): BotHere {
  const here = useWorkspace()
  const { botId = '' } = useParams({ strict: false })
  const { data } = useSuspenseQuery(botOptions(here.workspaceId, botId))
  return { ...here, bot: data.bot, at: { workspaceId: here.workspaceId, id: botId } }
}

/** Reads the bot again, past what is cached. */
export async function latestBot({ workspaceId, id }: BotHere['at']): Promise<Bot> {
  return (await queryClient.fetchQuery({ ...botOptions(workspaceId, id), staleTime: 0 })).bot
}

/** Whether the bot that the page shows is there no longer: somebody deleted it, or took it away. */
export function useBotGone(): boolean {
  const { at } = useBot()
  const { error } = useSuspenseQuery(botOptions(at.workspaceId, at.id))
  return error !== null && failureOf(error).type === 'ResourceNotFound'
}

/** Changes bots wherever a list of them is cached, paged or not; null takes one out. */
export function editLists(id: string, change: (bot: BotSummary) => BotSummary | null): Edit {
  const changed = (bots: readonly BotSummary[]): BotSummary[] =>
    bots.flatMap((bot) => (bot.id === id ? (change(bot) ?? []) : [bot]))
  return editAll(trpc.bot.list.queryKey(), (old: { bots?: BotSummary[]; pages?: { rows: BotSummary[] }[] }) => ({
    ...old,
    ...(old.bots && { bots: changed(old.bots) }),
    ...(old.pages && { pages: old.pages.map((page) => ({ ...page, rows: changed(page.rows) })) }),
  }))
}

const befores = new WeakMap<BotUpdate, BotUpdate>()

interface UpdateOptions {
  /** What the toast says; without one nothing is said and nothing can be undone. */
  done?: (update: BotUpdate) => string
  quiet?: boolean
}

/** Changes a bot, shown at once in its page and in lists. Undo gives back what `before` said. */
export function useUpdateBot({ done, quiet = false }: UpdateOptions) {
  const change = useChange(trpc.bot.update.mutationOptions(), {
    show: ({ workspaceId, id, name, description, type, tags }) => {
      const plain = { ...(name !== undefined && { name }), ...(type !== undefined && { type }) }
      return [
        edit(trpc.bot.get.queryKey({ ...(workspaceId !== undefined && { workspaceId }), id }), (old) => ({
          bot: {
            ...old.bot,
            ...plain,
            ...(description !== undefined && { description }),
            tags: patchedTags(old.bot.tags, tags),
          },
        })),
        editLists(id, (bot) => ({ ...bot, ...plain, tags: patchedTags(bot.tags, tags) })),
      ]
    },
    refresh: () => [trpc.bot.get.pathFilter(), trpc.bot.list.pathFilter()],
    ...(done && { done: (_answer: unknown, update: BotUpdate) => done(update) }),
    undo: (_answer, update) => () => client.bot.update.mutate(befores.get(update) ?? update),
    quiet,
  })
  const update = (input: BotUpdate, before: Pick<Bot, 'name' | 'description' | 'type' | 'tags'>): Promise<unknown> => {
    befores.set(input, undoOf(before, input))
    return change.mutateAsync(input)
  }
  return { update, busy: change.isPending }
}
