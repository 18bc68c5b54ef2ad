import { useQuery } from '@tanstack/react-query'
import { trpc } from '../../session/trpc.ts'

/** Whether this installation sends mail. */
export function useMail(): boolean {
  const { data } = useQuery(trpc.setup.status.queryOptions({}))
  return data?.mail === true
}
