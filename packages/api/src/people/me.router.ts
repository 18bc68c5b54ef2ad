import { meDocs as docs } from './me.docs.ts'
import { getPreference, setPreference } from '../core/preference/preference.ts'
import { procedure, rest, router } from '../core/procedure/trpc.ts'
import { deleteAccount } from './lifecycle/delete-person.service.ts'
import * as shapes from './me/me.schema.ts'
import { getAccount, updateAccount } from './me/me.service.ts'
import * as sessions from './me/session.schema.ts'
import { deleteSession, endSessionsOf, listSessions, signOutEverywhere } from './me/session.service.ts'
import { signUpInput, signUpOutput } from './lifecycle/sign-up.schema.ts'
import { signUp } from './lifecycle/sign-up.service.ts'
import { createToken, deleteToken, listTokens, rotateToken } from './me/token.service.ts'

export const meRouter = router({
  signUp: procedure('me.signUp', {
    rest: rest('POST', '/v1/steward/people', 'signUp'),
    docs: docs.signUp,
    input: signUpInput,
    output: signUpOutput,
  }).mutation(({ ctx, input }) => signUp(ctx, input)),
  get: procedure('me.get', {
    rest: rest('GET', '/v1/admin/account/me', 'getAccount'),
    docs: docs.get,
    input: shapes.getAccountInput,
    output: shapes.getAccountOutput,
  }).query(({ ctx }) => getAccount(ctx)),
  update: procedure('me.update', {
    rest: rest('PUT', '/v1/admin/account/me', 'updateAccount'),
    docs: docs.update,
    input: shapes.updateAccountInput,
    output: shapes.updateAccountOutput,
  }).mutation(({ ctx, input }) => updateAccount(ctx, input)),
  delete: procedure('me.delete', {
    rest: rest('POST', '/v1/admin/account/me', 'deleteAccount'),
    docs: docs.delete,
    input: shapes.deleteAccountInput,
    output: shapes.deleteAccountOutput,
  }).mutation(({ ctx, input }) => deleteAccount(ctx, input)),
  listTokens: procedure('me.listTokens', {
    rest: [
      rest('GET', '/v1/admin/account/pats', 'listPersonalAccessTokens', shapes.listPersonalAccessTokensOutput),
      rest('GET', '/v1/steward/me/tokens', 'listAccessTokens'),
    ],
    docs: docs.listTokens,
    input: shapes.listPersonalAccessTokensInput,
    output: shapes.listAccessTokensOutput,
  }).query(({ ctx }) => listTokens(ctx)),
  createToken: procedure('me.createToken', {
    rest: [
      rest('POST', '/v1/admin/account/pats', 'createPersonalAccessToken', shapes.createPersonalAccessTokenOutput),
      rest('POST', '/v1/steward/me/tokens', 'createAccessToken'),
    ],
    docs: docs.createToken,
    input: shapes.createPersonalAccessTokenInput,
    output: shapes.createAccessTokenOutput,
  }).mutation(({ ctx, input }) => createToken(ctx, input)),
  rotateToken: procedure('me.rotateToken', {
    rest: rest('POST', '/v1/steward/me/tokens/{id}/rotate', 'rotateAccessToken'),
    docs: docs.rotateToken,
    input: shapes.rotateTokenInput,
    output: shapes.rotateTokenOutput,
  }).mutation(({ ctx, input }) => rotateToken(ctx, input)),
  deleteToken: procedure('me.deleteToken', {
    rest: rest('DELETE', '/v1/admin/account/pats/{id}', 'deletePersonalAccessToken'),
    docs: docs.deleteToken,
    input: shapes.deletePersonalAccessTokenInput,
    output: shapes.deletePersonalAccessTokenOutput,
  }).mutation(({ ctx, input }) => deleteToken(ctx, input)),
  setPreference: procedure('me.setPreference', {
    rest: rest('POST', '/v1/admin/account/preferences/{key}', 'setAccountPreference'),
    docs: docs.setPreference,
    input: shapes.setAccountPreferenceInput,
    output: shapes.setAccountPreferenceOutput,
  }).mutation(({ ctx, input }) => setPreference(ctx, 'UNKNOWN', input)),
  getPreference: procedure('me.getPreference', {
    rest: rest('GET', '/v1/admin/account/preferences/{key}', 'getAccountPreference'),
    docs: docs.getPreference,
    input: shapes.getAccountPreferenceInput,
    output: shapes.getAccountPreferenceOutput,
  }).query(({ ctx, input }) => getPreference(ctx, input)),
  listSessions: procedure('me.listSessions', {
    rest: rest('GET', '/v1/steward/me/sessions', 'listSessions'),
    docs: docs.listSessions,
    input: sessions.listSessionsInput,
    output: sessions.listSessionsOutput,
  }).query(({ ctx }) => listSessions(ctx)),
  deleteSession: procedure('me.deleteSession', {
    rest: rest('DELETE', '/v1/steward/me/sessions/{id}', 'deleteSession'),
    docs: docs.deleteSession,
    input: sessions.deleteSessionInput,
    output: sessions.deleteSessionOutput,
  }).mutation(({ ctx, input }) => deleteSession(ctx, input)),
  signOutEverywhere: procedure('me.signOutEverywhere', {
    rest: rest('DELETE', '/v1/steward/me/sessions', 'signOutEverywhere'),
    docs: docs.signOutEverywhere,
    input: sessions.signOutEverywhereInput,
    output: sessions.signOutEverywhereOutput,
  }).mutation(({ ctx, input }) => signOutEverywhere(ctx, input)),
  endSessionsOf: procedure('me.endSessionsOf', {
    rest: rest('POST', '/v1/steward/people/end-sessions', 'endSessionsOfPerson'),
    docs: docs.endSessionsOf,
    input: sessions.endSessionsOfInput,
    output: sessions.endSessionsOfOutput,
  }).mutation(({ ctx, input }) => endSessionsOf(ctx, input)),
})
