import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { failureOf } from '../../base/failure.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNote } from '../../ui/error-state.tsx'
import { Entrance } from './entrance.tsx'

/** Stands in for a page before the shell that failed, such as an invitation that has ended. */
export function EntranceError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const failure = failureOf(error)
  const gone = failure.type === 'ResourceNotFound' || failure.type === 'ResourceGone'
  const retry = (): void => {
    reset()
    void router.invalidate()
  }
  return (
    <Entrance title={gone ? 'This link does not work' : 'This could not be loaded'}>
      <div className="flex flex-col gap-4">
        <ErrorNote failure={failure} />
        <div className="flex gap-2">
          {!gone && <Button onClick={retry}>Try again</Button>}
          <Button asChild look={gone ? 'primary' : 'plain'}>
            <Link to="/sign-in">Go to sign-in</Link>
          </Button>
        </div>
      </div>
    </Entrance>
  )
}
