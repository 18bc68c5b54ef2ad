import { useQuery } from '@tanstack/react-query'
import { Ellipsis, X } from 'lucide-react'
import { useState } from 'react'
import { trpc } from '../../session/trpc.ts'
import { State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyId } from '../../ui/copy.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { ActionItems } from '../../page/list/row-menu.tsx'
import { Menu } from '../../ui/menu.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Fact, Facts, Surface } from '../../ui/surface.tsx'
import { bytes } from '../../ui/time-text.ts'
import { Time } from '../../ui/time.tsx'
import { useCommands } from '../../commands/command-center.tsx'
import { useBot } from '../bot/bot.ts'
import { VersionDiff } from '../content/diff-view.tsx'
import { usePersonName } from '../../session/members.ts'
import { useVersionActions } from './version-rows.tsx'
import { useVersionNames } from './versions.ts'

/** One version beside the list: who saved it, why, of what, and what it changed. */
export function VersionDetails({ id, onClose }: { id: string; onClose: () => void }) {
  const { at } = useBot()
  const { currentId, nameOf } = useVersionNames()
  const { data, error, refetch } = useQuery(trpc.version.describe.queryOptions({ ...at, versionId: id }))
  const personName = usePersonName(at.workspaceId)
  const actionsOf = useVersionActions(currentId)
  const [open, setOpen] = useState(false)
  useCommands({ 'list.escape': onClose })
  const version = data?.version
  return (
    <Surface
      className="sticky top-0 w-[26rem] max-w-[50%] shrink-0 animate-slide"
      aria-label={`Version ${nameOf(id)}`}
      title={
        <span className="flex items-center gap-2 break-all">
          {nameOf(id)} {id === currentId && <State tone="good">Current</State>}
        </span>
      }
      action={
        <span className="-mt-1 -mr-1.5 flex">
          {version && (
            <Menu
              open={open}
              onOpenChange={setOpen}
              trigger={
                <Button look="ghost" size="smallIcon" aria-label={`Actions for ${version.name}`}>
                  <Ellipsis aria-hidden />
                </Button>
              }
            >
              <ActionItems actions={actionsOf(version)} />
            </Menu>
          )}
          <Button look="ghost" size="smallIcon" aria-label="Close" onClick={onClose}>
            <X aria-hidden />
          </Button>
        </span>
      }
    >
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} className="py-6" />
      ) : !version ? (
        <SkeletonLines lines={5} />
      ) : (
        <div className="flex flex-col gap-4">
          {version.description && <p>{version.description}</p>}
          {version.note && <p className="border-l-2 border-n6 pl-3 text-n11">{version.note}</p>}
          <Facts>
            <Fact name="Id">
              <CopyId id={version.id} />
            </Fact>
            <Fact name="Saved">
              <Time at={version.createdAt} /> by {personName(version.authorId)}
            </Fact>
            <Fact name="Definition">{bytes(version.documentSize)}</Fact>
            <Fact name="Code">{version.codeSize === null ? 'None' : bytes(version.codeSize)}</Fact>
            <Fact name="Content hash">
              <CopyId id={version.contentHash} />
            </Fact>
            {version.parentId && <Fact name="Made from">{nameOf(version.parentId)}</Fact>}
          </Facts>
          {version.parentId && version.parentId !== version.id && (
            <section>
              <h3 className="mb-2 text-sm font-medium text-n11">Changed since {nameOf(version.parentId)}</h3>
              <div className="pane max-h-[40vh]">
                <VersionDiff from={version.parentId} to={version.id} />
              </div>
            </section>
          )}
        </div>
      )}
    </Surface>
  )
}
