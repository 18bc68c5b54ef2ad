import { procedure, router } from '../core/trpc.ts'
import { claimInput, claimOutput, setupStatusInput, setupStatusOutput } from './setup.schema.ts'
import { claim, status } from './setup.service.ts'

export const setupRouter = router({
  status: procedure('setup.status', { input: setupStatusInput, output: setupStatusOutput }).query(({ ctx }) =>
    status(ctx),
  ),
  claim: procedure('setup.claim', { input: claimInput, output: claimOutput }).mutation(({ ctx, input }) =>
    claim(ctx, input),
  ),
})
