import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { connection } from '../../session/connection.ts'
import { type Failure, failureOf } from '../../base/failure.ts'
import { safeHref } from '../../base/links.ts'
import { trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNote } from '../../ui/error-state.tsx'
import { auth } from './auth.ts'

interface Provider {
  id: string
  name: string
}

/** The identity providers of this installation; none where the browser holds no session, as on the desktop. */
export function useProviders(): readonly Provider[] {
  const { data } = useQuery(trpc.setup.status.queryOptions({}))
  return connection.kind === 'web' ? (data?.providers ?? []) : []
}

interface Way {
  /** Under /auth. */
  path: 'sign-in/social' | 'link-social'
  /** Pages of this console: where one comes back to, and where when it did not work. */
  back: string
  failed: string
}

/** Leaves for an identity provider. @throws AuthError */
export async function goToProvider(provider: string, { path, back, failed }: Way): Promise<void> {
  const answer = await auth(path, { provider, callbackURL: back, errorCallbackURL: failed })
  // Only our own server answers here; what it names must still be a page, not a program.
  location.assign(safeHref(String(answer['url'])) ?? failed)
}

/** One button for each identity provider, under what else there is. */
export function ProviderButtons({ back, failed }: Pick<Way, 'back' | 'failed'>) {
  const providers = useProviders()
  const [busy, setBusy] = useState<string | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  if (providers.length === 0) return null
  const go = async (id: string): Promise<void> => {
    setBusy(id)
    setFailure(null)
    try {
      await goToProvider(id, { path: 'sign-in/social', back, failed })
    } catch (error) {
      setFailure(failureOf(error))
      setBusy(null)
    }
  }
  return (
    <div className="mt-5 flex flex-col gap-2 border-t border-n5 pt-5">
      {failure && <ErrorNote failure={failure} />}
      {providers.map(({ id, name }) => (
        <Button key={id} className="w-full" busy={busy === id} onClick={() => void go(id)}>
          <span className="min-w-0 truncate">Continue with {name}</span>
        </Button>
      ))}
    </div>
  )
}
