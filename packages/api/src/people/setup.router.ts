import { setupDocs as docs } from './setup.docs.ts'
import { procedure, rest, router } from '../core/procedure/trpc.ts'
import { claimInput, claimOutput, setupStatusInput, setupStatusOutput } from './lifecycle/setup.schema.ts'
import { claim, status } from './lifecycle/setup.service.ts'

export const setupRouter = router({
  status: procedure('setup.status', {
    rest: rest('GET', '/v1/steward/setup', 'getSetupStatus'),
    docs: docs.status,
    input: setupStatusInput,
    output: setupStatusOutput,
  }).query(({ ctx }) => status(ctx)),
  claim: procedure('setup.claim', {
    rest: rest('POST', '/v1/steward/setup', 'claimInstallation'),
    docs: docs.claim,
    input: claimInput,
    output: claimOutput,
  }).mutation(({ ctx, input }) => claim(ctx, input)),
})
