import { useNavigate } from '@tanstack/react-router'
import { Copy, Download, GitCompare, Rocket } from 'lucide-react'
import { useState } from 'react'
import { failureOf } from '../../base/failure.ts'
import { client } from '../../session/trpc.ts'
import { State } from '../../ui/badge.tsx'
import { useCopy } from '../../ui/copy.tsx'
import { cx } from '../../ui/cx.ts'
import type { RowAction } from '../../page/list/list.types.ts'
import { RowMenu } from '../../page/list/row-menu.tsx'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import { type Version, useBot } from '../bot/bot.ts'
import { readableName } from '../bot/bot-labels.ts'
import { useBotRights } from '../bot/bot-rights.ts'
import { useBotDialog } from '../bot/bot-dialog.ts'
import { downloadFrom } from './download.ts'
import { usePersonName } from '../../session/members.ts'

interface Props {
  versions: readonly Version[]
  currentId: string | null
  /** Whether the bot was changed since that one was deployed. */
  edited: boolean
  inspected: string | undefined
  onInspect: (id: string) => void
}

export function VersionRows({ versions, currentId, edited, inspected, onInspect }: Props) {
  const { at } = useBot()
  const personName = usePersonName(at.workspaceId)
  const actionsOf = useVersionActions(currentId)
  const [open, setOpen] = useState<string | null>(null)
  const narrow = inspected !== undefined
  return (
    <Table>
      <thead className="bg-n2">
        <tr>
          <Th>Name</Th>
          {!narrow && <Th>Description</Th>}
          <Th>State</Th>
          {!narrow && <Th>By</Th>}
          <Th>Saved</Th>
          <Th className="w-10">
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {versions.map((version) => {
          const { id, name, description, note, current, deployed, authorId, createdAt } = version
          return (
            <Tr key={id} className={cx('hover:bg-n2', id === inspected && 'bg-accent-surface hover:bg-accent-surface')}>
              <Td className="max-w-72 truncate">
                <button
                  type="button"
                  className="max-w-full truncate rounded-xs font-medium hover:underline hover:underline-offset-3"
                  aria-pressed={id === inspected}
                  onClick={() => onInspect(id)}
                >
                  {readableName(name)}
                </button>
              </Td>
              {!narrow && (
                <Td className="max-w-0 w-1/2 truncate text-n11" title={description || note}>
                  {description || note}
                </Td>
              )}
              <Td className="w-32 whitespace-nowrap">
                {current ? (
                  <State tone={edited ? 'warn' : 'good'}>{edited ? 'Current, edited since' : 'Current'}</State>
                ) : deployed ? (
                  <State tone="neutral">Deployed before</State>
                ) : (
                  <span className="text-n10">Saved</span>
                )}
              </Td>
              {!narrow && <Td className="max-w-44 truncate text-n11">{personName(authorId)}</Td>}
              <Td className="w-28 whitespace-nowrap text-n11">
                <Time at={createdAt} />
              </Td>
              <Td>
                <RowMenu
                  name={name}
                  actions={actionsOf(version)}
                  open={open === id}
                  onOpenChange={(next) => setOpen(next ? id : null)}
                />
              </Td>
            </Tr>
          )
        })}
      </tbody>
    </Table>
  )
}

/** What can be done with a version. */
export function useVersionActions(
  currentId: string | null,
): (version: Pick<Version, 'id' | 'beforeId'>) => RowAction[] {
  const rights = useBotRights()
  const { may, at } = useBot()
  const dialog = useBotDialog()
  const download = useDownload()
  const navigate = useNavigate()
  const { copy } = useCopy()
  const compare = (from: string, to: string): void =>
    void navigate({
      to: '/w/$workspaceId/bots/$botId/versions',
      params: { workspaceId: at.workspaceId, botId: at.id },
      search: { compare: 'on', from, to },
    })
  return ({ id, beforeId }) => {
    return [
      ...(rights.deploy ? [{ label: 'Deploy…', icon: Rocket, run: () => dialog.show('deploy', id) }] : []),
      {
        label: 'Compare with current',
        icon: GitCompare,
        run: () => compare(currentId ?? '', id),
        ...(currentId === null && { reason: 'No version is deployed.' }),
        ...(currentId === id && { reason: 'This version is current.' }),
      },
      {
        label: 'Compare with previous',
        icon: GitCompare,
        run: () => compare(beforeId ?? '', id),
        ...(beforeId === null && { reason: 'This is the first version.' }),
      },
      ...(may('version.get') ? [{ label: 'Download', icon: Download, run: () => void download(id) }] : []),
      { label: 'Copy id', icon: Copy, run: () => void copy(id) },
    ]
  }
}

/** Fetches a link that is good for a short while, and follows it. */
function useDownload(): (versionId: string) => Promise<void> {
  const { at } = useBot()
  return async (versionId) => {
    try {
      const { url } = await client.version.get.query({ ...at, versionId })
      await downloadFrom(url)
    } catch (error) {
      toast({ title: failureOf(error).message, tone: 'bad' })
    }
  }
}
