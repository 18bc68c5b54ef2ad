import { recoveryDocs as docs } from './recovery.docs.ts'
import { procedure, rest, router } from '../core/procedure/trpc.ts'
import { createForMember, createForPerson } from './recovery/recovery.service.ts'
import * as shapes from './recovery/recovery.schema.ts'
import { requestLink } from './recovery/request.service.ts'
import { lookupLink, useLink } from './recovery/use.service.ts'

export const recoveryRouter = router({
  createForMember: procedure('recovery.createForMember', {
    rest: rest('POST', '/v1/steward/workspace-members/{memberId}/recovery-links', 'createRecoveryLinkForMember'),
    docs: docs.createForMember,
    input: shapes.createForMemberInput,
    output: shapes.createForMemberOutput,
  }).mutation(({ ctx, input }) => createForMember(ctx, input)),
  create: procedure('recovery.create', {
    rest: rest('POST', '/v1/steward/recovery-links', 'createRecoveryLink'),
    docs: docs.create,
    input: shapes.createInput,
    output: shapes.createOutput,
  }).mutation(({ ctx, input }) => createForPerson(ctx, input)),
  request: procedure('recovery.request', {
    rest: rest('POST', '/v1/steward/recovery-links/request', 'requestRecoveryLink'),
    docs: docs.request,
    input: shapes.requestInput,
    output: shapes.requestOutput,
  }).mutation(({ ctx, input }) => requestLink(ctx, input)),
  // A mutation although it changes nothing: so the secret travels in a body and stands in no address or log.
  lookup: procedure('recovery.lookup', {
    rest: rest('POST', '/v1/steward/recovery-links/lookup', 'lookupRecoveryLink'),
    docs: docs.lookup,
    input: shapes.lookupInput,
    output: shapes.lookupOutput,
  }).mutation(({ ctx, input }) => lookupLink(ctx, input)),
  use: procedure('recovery.use', {
    rest: rest('POST', '/v1/steward/recovery-links/use', 'useRecoveryLink'),
    docs: docs.use,
    input: shapes.useInput,
    output: shapes.useOutput,
  }).mutation(({ ctx, input }) => useLink(ctx, input)),
})
