import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { failureOf } from '../../base/failure.ts'
import { AuthError, auth } from '../sign-in/auth.ts'
import { whyNotIn } from '../sign-in/provider-error.ts'
import { goToProvider, useProviders } from '../sign-in/provider-buttons.tsx'
import { Button } from '../../ui/button.tsx'
import { Surface } from '../../ui/surface.tsx'
import { toast } from '../../ui/toast.ts'
import { ConfirmIdentity } from './confirm-identity.tsx'
import { type SignInMethod, signInStateOptions } from './sign-in-state.ts'

const route = getRouteApi('/_app/me/security')

/** Identity providers that open this account, and those that could. The last way in cannot be taken away. */
export function ProviderLinks({ methods }: { methods: readonly SignInMethod[] }) {
  const providers = useProviders()
  const queries = useQueryClient()
  const { error: refused } = route.useSearch()
  const [busy, setBusy] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [confirming, setConfirming] = useState<(() => Promise<void>) | null>(null)
  if (providers.length === 0) return null
  const attempt = async (id: string, work: () => Promise<unknown>): Promise<void> => {
    setBusy(id)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      if (error instanceof AuthError && error.code === 'CONFIRM_FIRST') setConfirming(() => () => attempt(id, work))
      else setProblem(failureOf(error).message)
    }
    setBusy(null)
  }
  const unlink = async (method: SignInMethod, name: string): Promise<void> => {
    await auth('unlink-account', { accountId: method.id })
    await queries.invalidateQueries(signInStateOptions())
    toast({ title: `${name} unlinked` })
  }
  return (
    <Surface title="Identity providers" about="You can sign in with each provider that is linked.">
      <div className="flex flex-col gap-3">
        {problem === null && refused !== undefined && (
          <p role="alert" className="break-words text-bad">
            {whyNotIn(refused)}
          </p>
        )}
        {problem !== null && (
          <p role="alert" className="text-bad">
            {problem}
          </p>
        )}
        {providers.map(({ id, name }) => {
          const linked = methods.find(({ providerId }) => providerId === id)
          return (
            <div key={id} className="flex items-center justify-between gap-3">
              <span className="min-w-0 truncate">{name}</span>
              {linked ? (
                <Button
                  look="dangerQuiet"
                  aria-label={`Unlink ${name}`}
                  busy={busy === id}
                  disabled={methods.length < 2}
                  title={methods.length < 2 ? 'It is your only way to sign in' : undefined}
                  onClick={() => void attempt(id, () => unlink(linked, name))}
                >
                  Unlink
                </Button>
              ) : (
                <Button
                  aria-label={`Link ${name}`}
                  busy={busy === id}
                  onClick={() =>
                    void attempt(id, () =>
                      goToProvider(id, { path: 'link-social', back: '/me/security', failed: '/me/security' }),
                    )
                  }
                >
                  Link
                </Button>
              )}
            </div>
          )
        })}
      </div>
      <ConfirmIdentity
        open={confirming !== null}
        onClose={() => setConfirming(null)}
        action="Continue"
        onDone={async () => {
          setConfirming(null)
          await confirming?.()
        }}
      />
    </Surface>
  )
}
