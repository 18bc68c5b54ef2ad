import { procedure, router } from '../core/procedure/trpc.ts'
import { claimInput, claimOutput, setupStatusInput, setupStatusOutput } from './lifecycle/setup.schema.ts'
import { claim, status } from './lifecycle/setup.service.ts'

export const setupRouter = router({
  status: procedure('setup.status', { input: setupStatusInput, output: setupStatusOutput }).query(({ ctx }) =>
    status(ctx),
  ),
  claim: procedure('setup.claim', { input: claimInput, output: claimOutput }).mutation(({ ctx, input }) =>
    claim(ctx, input),
  ),
})
