import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const tokenFields = {
  note: 'What the token is for.',
  scopes: 'What the token can do, such as `bot:read`. By default, everything its person can.',
  boundWorkspaceId: 'The only workspace it is valid for. By default, all workspaces of its person.',
  expiresAt: 'When it expires. By default, never.',
}

export const meDocs = docsOf(
  {
    name: 'The caller',
    area: 'People',
    description: 'The person making the call: their profile, personal access tokens, browser sessions and preferences.',
    fields: { key: 'The name of the preference.' },
    samples: {
      id: sampleIds.token,
      'account.id': sampleIds.user,
      emailVerified: true,
      'pats.id': sampleIds.token,
      'pat.id': sampleIds.token,
      note: 'Nightly export',
      scopes: ['bot:read'],
      boundWorkspaceId: sampleIds.workspace,
      lastUsedAt: '2026-03-02T14:05:12.000Z',
      value: 'bp_pat_9vB4nR8wZ1cY5jL3hD6sG0fK7mQ2xT',
      'sessions.id': sampleIds.session,
      renewedAt: '2026-03-02T14:05:12.000Z',
      current: true,
      key: 'theme',
      ended: 2,
      keepCurrent: true,
    },
  },
  {
    signUp: {
      summary: 'Sign up',
      description:
        'Creates a person with an account and a first workspace. Requires an invitation unless the installation is open to everybody.',
      fields: {
        email: 'The person’s email address.',
        name: 'The person’s name.',
        password: '12 to 128 characters.',
        invitation: 'The secret of an invitation link, `stw_inv_…`.',
      },
      samples: {
        name: 'Ada Lovelace',
        password: 'correct horse battery staple',
        joinedWorkspaceId: sampleIds.otherWorkspace,
      },
    },
    get: {
      summary: 'Get your profile',
      description: 'The person making the call. The contract calls a person an account.',
    },
    update: {
      summary: 'Update your profile',
      description: 'Updates the given fields and keeps the rest.',
      fields: {
        displayName: 'The name that others see.',
        profilePicture: 'The URL of a picture, or the picture itself as a `data:` URL.',
        refresh: 'Accepted for compatibility with the contract; has no effect.',
      },
      example: { input: { displayName: 'Ada Lovelace' } },
    },
    delete: {
      summary: 'Delete yourself',
      description:
        'Deletes the person making the call and everything that belongs only to them. Workspaces they own that are in use must be transferred or deleted first.',
      fields: { confirmEmail: 'The caller’s own email address. Required when calling with a token.' },
      example: { input: { confirmEmail: 'ada@example.org' } },
    },
    listTokens: {
      summary: 'List your tokens',
      description: 'Personal access tokens, oldest first, without their values.',
    },
    createToken: {
      summary: 'Create a personal access token',
      description: 'Creates a token that acts for the caller. Its value is shown only in this response.',
      fields: tokenFields,
      example: { input: { note: 'Nightly export', scopes: ['bot:read'] } },
    },
    rotateToken: {
      summary: 'Rotate a token',
      description: 'Gives a token a new value, shown only in this response. The old value stays valid for a while.',
      fields: {
        id: 'The token.',
        graceSeconds:
          'How long the old value stays valid, in seconds: a day by default, a week at most; 0 revokes it immediately.',
      },
      example: { input: { id: sampleIds.token, graceSeconds: 3600 } },
    },
    deleteToken: {
      summary: 'Delete a token',
      description: 'The token stops working immediately.',
      fields: { id: 'The token.' },
    },
    setPreference: {
      summary: 'Set a preference of yours',
      description: 'Stores any JSON for the apps a person uses. Without a value, the preference is removed.',
      fields: { value: 'Any JSON value, including `null`.' },
      samples: { value: { mode: 'dark' } },
      example: { input: { key: 'theme', value: { mode: 'dark' } } },
    },
    getPreference: {
      summary: 'Get a preference of yours',
      description: 'The value of a preference, or an empty object if it was never set.',
      samples: { value: { mode: 'dark' } },
    },
    listSessions: {
      summary: 'List your sessions',
      description: 'The browsers in which the person is signed in, newest first.',
    },
    deleteSession: {
      summary: 'End a session',
      description: 'Signs the person out of one browser.',
      fields: { id: 'The session.' },
      samples: { id: sampleIds.session },
    },
    signOutEverywhere: {
      summary: 'End all sessions',
      description:
        'Signs the person out everywhere and forgets the devices that skip the second factor. Tokens stay valid.',
      fields: { keepCurrent: 'Whether to keep the session that makes this call.' },
    },
    endSessionsOf: {
      summary: 'End the sessions of a person',
      description: 'Signs a person out everywhere. Only the operator of the installation can do this.',
      fields: { email: 'The person’s email address.' },
    },
  },
)
