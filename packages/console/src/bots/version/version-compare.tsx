import { useNavigate, getRouteApi } from '@tanstack/react-router'
import { ArrowLeft, ArrowLeftRight } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { CopyAs } from '../../page/copy-as/copy-as.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Surface } from '../../ui/surface.tsx'
import { useCommands } from '../../commands/command-center.tsx'
import { useBot } from '../bot/bot.ts'
import { readableName } from '../bot/bot-labels.ts'
import { useBotRights } from '../bot/bot-rights.ts'
import { VersionDiff } from '../content/diff-view.tsx'
import { useBotDialog } from '../bot/bot-dialog.ts'
import { useVersionNames } from './versions.ts'

const route = getRouteApi('/_app/w/$workspaceId/bots/$botId/versions')

/** Any two versions side by side; which ones stands in the address. */
export function VersionCompare() {
  const { at } = useBot()
  const { versions, currentId, waiting, error, retry, nameOf } = useVersionNames()
  const { deploy } = useBotRights()
  const dialog = useBotDialog()
  const asked = route.useSearch()
  const navigate = useNavigate({ from: '/w/$workspaceId/bots/$botId/versions' })
  const to = asked.to ?? versions[0]?.id
  const others = versions.filter(({ id }) => id !== to)
  const from = asked.from ?? (currentId && currentId !== to ? currentId : others[0]?.id)
  const back = (): void => void navigate({ search: {}, replace: true })
  useCommands({ 'list.escape': back })
  if (error) return <ErrorState error={error} retry={retry} />
  if (waiting) return <SkeletonLines lines={6} />
  const options = versions.map(({ id, name }) => ({
    value: id,
    label: readableName(name),
    hint: id === currentId ? 'current' : undefined,
  }))
  const pick = (ends: { from?: string | undefined; to?: string | undefined }): void =>
    void navigate({
      search: { compare: 'on', ...(from && { from }), ...(to && { to }), ...withoutNone(ends) },
      replace: true,
    })
  return (
    <Surface
      title={
        <span className="flex items-center gap-2">
          <Button look="ghost" size="smallIcon" aria-label="Back to the list" onClick={back} className="-ml-1.5">
            <ArrowLeft aria-hidden />
          </Button>
          Compare versions
        </span>
      }
      action={
        <span className="flex items-center gap-2">
          {from && to && <CopyAs request={{ path: 'version.diff', input: { ...at, from, to } }} />}
          {deploy && to && to !== currentId && (
            <Button size="small" onClick={() => dialog.show('deploy', to)}>
              Deploy {nameOf(to)}…
            </Button>
          )}
        </span>
      }
    >
      <div className="mb-5 flex items-end gap-2">
        <Field label="From" className="w-72">
          {(control) => (
            <Combobox {...control} value={from ?? null} onChange={(id) => pick({ from: id })} options={options} />
          )}
        </Field>
        <Button
          look="ghost"
          size="icon"
          aria-label="Swap the two"
          title="Swap"
          disabled={!from || !to}
          onClick={() => pick({ from: to, to: from })}
        >
          <ArrowLeftRight aria-hidden />
        </Button>
        <Field label="To" className="w-72">
          {(control) => (
            <Combobox {...control} value={to ?? null} onChange={(id) => pick({ to: id })} options={options} />
          )}
        </Field>
      </div>
      {from && to ? (
        <VersionDiff from={from} to={to} />
      ) : (
        <p className="text-n11">You need two versions to compare. Save another one first.</p>
      )}
    </Surface>
  )
}

function withoutNone(ends: { from?: string | undefined; to?: string | undefined }): Record<string, string> {
  return Object.fromEntries(Object.entries(ends).filter((end): end is [string, string] => end[1] !== undefined))
}
