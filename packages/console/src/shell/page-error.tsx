import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { isMissingPart } from '../base/reload.ts'
import { useTitle } from '../ui/page.tsx'
import { Centered, ErrorState } from '../ui/error-state.tsx'
import { ReloadButton, missingWords } from '../ui/late.tsx'

/** Stands in for a page that failed; the shell around it stays. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  useTitle('Failed')
  const retry = (): void => {
    reset()
    void router.invalidate()
  }
  if (isMissingPart(error))
    return (
      <Centered
        page
        icon={<CircleAlert className="text-warn" aria-hidden />}
        title="This page could not be loaded"
        className="min-h-[60vh] justify-center"
      >
        <p role="alert">{missingWords}</p>
        <div className="mt-3">
          <ReloadButton />
        </div>
      </Centered>
    )
  return <ErrorState page error={error} retry={retry} className="min-h-[60vh] justify-center" />
}
