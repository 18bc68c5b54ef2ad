import { StewardError } from '@steward/api/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { client, trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { type Deployment, useBot } from '../bot/bot.ts'
import { nameAlone, readableName } from '../bot/bot-labels.ts'
import { useBotDialog } from '../bot/bot-dialog.ts'
import { VersionDiff } from '../content/diff-view.tsx'
import { usePersonName } from '../../session/members.ts'
import { useCurrentVersion, useVersionNames, versionFilters } from './versions.ts'

/** Deploys a version, after showing what that changes. @param versionId chosen from the start. */
export function DeployDialog({ versionId, onClose }: { versionId: string | undefined; onClose: () => void }) {
  const { bot, may } = useBot()
  const dialog = useBotDialog()
  const { versions, currentId, waiting, error, retry, nameOf } = useVersionNames()
  const [chosen, setChosen] = useState(versionId)
  // The newest is what one saved to deploy; older ones are chosen.
  const newest = versions[0]?.id
  const id = chosen ?? (newest === currentId ? undefined : newest)
  const change = useForce('deploy')
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="wide"
      title={`Deploy ${bot.name}`}
      description="The version’s definition and code replace the bot’s current ones."
    >
      {error ? (
        <ErrorState error={error} retry={retry} className="py-6" />
      ) : waiting ? (
        <SkeletonLines lines={4} />
      ) : versions.length === 0 ? (
        <div className="flex flex-col items-start gap-3">
          <p className="text-n11">No version has been saved yet. Save one first, then deploy it.</p>
          {may('version.create') && (
            <Button look="primary" onClick={() => dialog.show('save-version')}>
              Save a version
            </Button>
          )}
        </div>
      ) : (
        <Forcing
          change={change}
          action={id ? `Deploy ${nameOf(id)}` : 'Deploy version'}
          currentId={currentId}
          targetId={id}
          onClose={onClose}
          choose={
            <Field label="Version">
              {(control) => (
                <Combobox
                  {...control}
                  autoFocus={id === undefined}
                  value={id ?? null}
                  onChange={setChosen}
                  placeholder="The newest one is current. Choose another"
                  options={versions.map((version) => ({
                    value: version.id,
                    label: readableName(version.name),
                    hint: version.id === currentId ? 'current' : version.description?.slice(0, 60),
                  }))}
                />
              )}
            </Field>
          }
        />
      )}
    </Dialog>
  )
}

/** Puts back the version that was current before the last deployment. */
export function RollbackDialog({ onClose }: { onClose: () => void }) {
  const { bot } = useBot()
  const { current, error, retry } = useCurrentVersion()
  const change = useForce('rollback')
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="wide"
      title={`Roll ${bot.name} back`}
      description="Returns to the version before the last deployment. Rolling back again undoes this."
    >
      {error ? (
        <ErrorState error={error} retry={retry} className="py-6" />
      ) : !current ? (
        <SkeletonLines lines={4} />
      ) : !current.rollbackTo ? (
        <p className="text-n11">There is nothing to roll back to: no version was deployed before.</p>
      ) : (
        <Forcing
          change={change}
          action={`Roll back to ${nameAlone(readableName(current.rollbackTo.name))}`}
          currentId={current.current?.id ?? null}
          targetId={current.rollbackTo.id}
          onClose={onClose}
        />
      )}
    </Dialog>
  )
}

interface Force {
  versionId: string
  expectedCurrentVersionId: string | null
  note?: string
}

/** Deploying and rolling back, each undone by rolling back. */
function useForce(kind: 'deploy' | 'rollback') {
  const { at, bot } = useBot()
  const { nameOf } = useVersionNames()
  return useChange<Force, unknown, unknown>(
    {
      mutationFn: ({ versionId, ...given }) =>
        kind === 'deploy'
          ? client.version.deploy.mutate({ ...at, versionId, ...given })
          : client.version.rollback.mutate({ ...at, ...given }),
    },
    {
      done: (_answer, { versionId }) => `${nameOf(versionId)} deployed to ${bot.name}`,
      // Back to what the bot was, also where that was edited since its version was deployed.
      undo:
        (_answer, { versionId }) =>
        () =>
          client.version.rollback.mutate({ ...at, expectedCurrentVersionId: versionId, note: 'Undone' }),
      refresh: () => versionFilters(),
      quiet: true,
    },
  )
}

interface ForcingProps {
  change: ReturnType<typeof useForce>
  action: string
  currentId: string | null
  targetId: string | undefined
  onClose: () => void
  choose?: ReactNode
}

function Forcing({ change, action, currentId: now, targetId, onClose, choose }: ForcingProps) {
  // Which version was current when this was opened: if that changed meanwhile, the server refuses and a person looks again.
  const [currentId, setCurrentId] = useState(now)
  const [meanwhile, setMeanwhile] = useState<Deployment | null>(null)
  const queries = useQueryClient()
  const form = useForm({
    initial: { note: '' },
    submit: async ({ note }) => {
      if (targetId === undefined || meanwhile) return
      try {
        await change.mutateAsync({
          versionId: targetId,
          expectedCurrentVersionId: currentId,
          ...(note.trim() !== '' && { note: note.trim() }),
        })
        onClose()
      } catch (error) {
        const other = deploymentIn(error)
        if (!other) throw error
        setMeanwhile(other)
      }
    },
  })
  return (
    <Form form={form} className="max-w-none">
      {choose}
      {targetId === undefined ? null : targetId === currentId ? (
        <p className="text-n11">
          This version is already current. Deploying it again discards changes made since then that are not in a
          version.
        </p>
      ) : currentId === null ? (
        <p className="text-n11">This is the bot’s first deployment. Its current state is kept as a version.</p>
      ) : (
        <div className="pane max-h-[38vh]">
          <VersionDiff from={currentId} to={targetId} />
        </div>
      )}
      {currentId !== null && targetId !== undefined && targetId !== currentId && (
        <p className="text-sm text-n10">
          Compared with the current version. Changes made since it was deployed are kept as a version of their own.
        </p>
      )}
      <TextField
        form={form}
        name="note"
        label="Note"
        optional
        help="Shown in the deployment history."
        autoFocus={targetId !== undefined}
        maxLength={2000}
        autoComplete="off"
      />
      {meanwhile && (
        <Meanwhile
          other={meanwhile}
          onLook={() => {
            setCurrentId(meanwhile.versionId)
            setMeanwhile(null)
            void queries.invalidateQueries(trpc.version.pathFilter())
          }}
        />
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" busy={form.busy} disabled={targetId === undefined || meanwhile !== null}>
          {action}
        </Button>
      </div>
    </Form>
  )
}

/** The deployment that came in between, if that is why it was refused. */
function deploymentIn(error: unknown): Deployment | null {
  if (!(error instanceof StewardError) || error.type !== 'RelationConflict') return null
  return (error.metadata['deployment'] as Deployment | null | undefined) ?? null
}

function Meanwhile({ other, onLook }: { other: Deployment; onLook: () => void }) {
  const { at } = useBot()
  const personName = usePersonName(at.workspaceId)
  return (
    <div
      role="alert"
      className="flex items-center gap-3 rounded-sm border border-warn-border bg-warn-surface p-3 text-warn"
    >
      <p className="flex-1">
        Meanwhile {personName(other.deployedBy)} deployed {readableName(other.versionName)} (<Time at={other.at} />
        ). Nothing was changed. Check what is different now, then decide.
      </p>
      <Button size="small" onClick={onLook}>
        Show the new differences
      </Button>
    </div>
  )
}
