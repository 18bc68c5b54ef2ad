import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { useTitle } from '../ui/page.tsx'
import { ErrorState } from '../ui/error-state.tsx'

/** Stands in for a page that failed; the shell around it stays. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  useTitle('Failed')
  const retry = (): void => {
    reset()
    void router.invalidate()
  }
  return <ErrorState page error={error} retry={retry} className="min-h-[60vh] justify-center" />
}
