import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type Failure, failureOf } from '../../base/failure.ts'
import { trpc } from '../../session/trpc.ts'
import { State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorNote } from '../../ui/error-state.tsx'
import { Surface } from '../../ui/surface.tsx'
import { count } from '../../ui/time-text.ts'
import { toast } from '../../ui/toast.ts'
import { useRolesFor } from '../../session/roles-for.ts'
import { useWorkspace } from '../../session/use-workspace.ts'

/** Whether members need a second factor to get in. */
export function WorkspaceSecurity() {
  const { workspaceId, may } = useWorkspace()
  const roles = useRolesFor('workspace.updateSecurity')
  const queries = useQueryClient()
  const { data } = useQuery(trpc.workspace.getSecurity.queryOptions({ id: workspaceId }))
  const change = useMutation(trpc.workspace.updateSecurity.mutationOptions())
  const [failure, setFailure] = useState<Failure | null>(null)
  if (!data) return null
  const { secondFactorRequired: required, membersWithoutSecondFactor: without } = data
  const set = async (secondFactorRequired: boolean): Promise<void> => {
    setFailure(null)
    try {
      const now = await change.mutateAsync({ id: workspaceId, secondFactorRequired })
      queries.setQueryData(trpc.workspace.getSecurity.queryKey({ id: workspaceId }), now)
      toast({ title: secondFactorRequired ? 'Second factor required' : 'Second factor optional' })
    } catch (error) {
      setFailure(failureOf(error))
    }
  }
  return (
    <Surface
      title={
        <span className="flex items-center gap-2">
          Require a second factor
          {required ? <State tone="good">On</State> : <State tone="neutral">Off</State>}
        </span>
      }
      about="If required, members and their access tokens have access only with a second factor. Bot keys keep working."
    >
      <div className="flex flex-col gap-4">
        {without > 0 && (
          <p className="text-n11">
            {count(without, ['member has', 'members have'])} none yet and{' '}
            {required ? 'cannot get in' : 'would lose access'} until they turn it on under{' '}
            <Link to="/me/security" className="text-accent-text underline underline-offset-2">
              Security
            </Link>
            .
          </p>
        )}
        {failure && <ErrorNote failure={failure} />}
        {may('workspace.updateSecurity') ? (
          <Button className="self-start" busy={change.isPending} onClick={() => void set(!required)}>
            {required ? 'Make optional' : 'Require'}
          </Button>
        ) : (
          <p className="text-n11">Its {roles} can change this.</p>
        )}
      </div>
    </Surface>
  )
}
