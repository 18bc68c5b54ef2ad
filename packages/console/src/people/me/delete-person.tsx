import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { forgetPerson } from '../../session/forget.ts'
import { trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { shortId } from '../../ui/ids.ts'
import { Surface } from '../../ui/surface.tsx'
import { toast } from '../../ui/toast.ts'
import { allWorkspacesOptions } from '../../session/workspaces.ts'
import { ConfirmIdentity, needsConfirmation } from './confirm-identity.tsx'
import { type Obstacle, obstacleOf } from './leaving.ts'
import { meOptions } from '../../session/me.ts'

/** The end of the person here. What stands in the way is listed with the page where it can be settled. */
export function DeletePerson() {
  const { data } = useSuspenseQuery(meOptions())
  const { email } = data.account
  const [open, setOpen] = useState(false)
  const [obstacle, setObstacle] = useState<Obstacle | null>(null)
  const [confirming, setConfirming] = useState(false)
  const router = useRouter()
  const remove = useMutation(trpc.me.delete.mutationOptions())
  const confirm = async (): Promise<void> => {
    try {
      await remove.mutateAsync({})
    } catch (error) {
      if (needsConfirmation(error)) return setConfirming(true)
      const found = obstacleOf(error)
      if (!found) throw error
      return setObstacle(found)
    }
    forgetPerson()
    toast({ title: `${email} deleted` })
    await router.navigate({ to: '/sign-in', replace: true, ignoreBlocker: true })
  }
  return (
    <Surface danger title="Delete your account">
      <p className="max-w-prose text-n11">
        Revokes your tokens and sessions, removes you from every workspace and deletes your own empty workspace. What
        you did stays in the audit trails. This is not possible while you own a workspace that others use or that has
        bots, or while an organization has no other administrator.
      </p>
      {obstacle && <Obstacles obstacle={obstacle} />}
      <Button look="dangerQuiet" className="mt-4" onClick={() => setOpen(true)}>
        Delete account…
      </Button>
      <Confirm
        open={open}
        onOpenChange={setOpen}
        title="Delete your account?"
        action="Delete account"
        danger
        typedName={email}
        onConfirm={confirm}
      >
        <p>You are signed out everywhere immediately. This cannot be undone, not even by an operator.</p>
      </Confirm>
      <ConfirmIdentity
        open={confirming}
        onClose={() => setConfirming(false)}
        action="Delete account"
        danger
        onDone={async () => {
          setConfirming(false)
          await confirm()
        }}
      />
    </Surface>
  )
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

function Obstacles({ obstacle: { kind, ids } }: { obstacle: Obstacle }) {
  const { data: workspaces = [] } = useQuery(allWorkspacesOptions())
  const { data: accounts } = useQuery(trpc.account.list.queryOptions({ pageSize: 100 }))
  const nameOf = (id: string): string =>
    [...workspaces, ...(accounts?.accounts ?? [])].find((item) => item.id === id)?.name ?? shortId(id)
  const link = 'font-medium text-n12 underline underline-offset-2'
  return (
    <div
      ref={intoView}
      role="alert"
      className="mt-4 flex gap-2 rounded-sm border border-warn-border bg-warn-surface p-3"
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
      <div className="min-w-0">
        <p className="font-medium text-warn">
          {kind === 'workspaces' ? 'You own workspaces that would be lost' : 'You are the only administrator'}
        </p>
        <p className="text-n11">
          {kind === 'workspaces'
            ? 'Delete each of them, or transfer ownership to another member under Members. Your last workspace, if empty, is deleted with your account.'
            : 'Add another administrator to each of these, or delete it.'}
        </p>
        <ul className="mt-2 flex flex-col gap-1">
          {ids.map((id) => (
            <li key={id}>
              {kind === 'workspaces' ? (
                <Link to="/w/$workspaceId/settings" params={{ workspaceId: id }} className={link}>
                  {nameOf(id)}
                </Link>
              ) : (
                <Link to="/accounts/$accountId" params={{ accountId: id }} className={link}>
                  {nameOf(id)}
                </Link>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
