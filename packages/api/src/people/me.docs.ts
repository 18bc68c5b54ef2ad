import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const tokenFields = {
  note: 'What the token is for.',
  scopes: 'What the token may do, such as `bot:read`. By default everything its person may.',
  boundWorkspaceId: 'The one workspace it is valid for. By default all of its person’s.',
  expiresAt: 'When it stops working. By default never.',
}

export const meDocs = docsOf(
  {
    name: 'The caller',
    area: 'People',
    description: 'The person who calls: their profile, personal access tokens, browser sessions and preferences.',
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
        'Creates a person with an account and a first workspace. Takes an invitation unless the installation is open to everybody.',
      fields: {
        email: 'The person’s address.',
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
      summary: 'Get one’s own profile',
      description: 'The person who calls. The contract calls a person an account.',
    },
    update: {
      summary: 'Update one’s own profile',
      description: 'Changes what is given and keeps the rest.',
      fields: {
        displayName: 'The name that others see.',
        profilePicture: 'The address of a picture, or the picture itself as a `data:` address.',
        refresh: 'Accepted for the contract’s sake; changes nothing.',
      },
      example: { input: { displayName: 'Ada Lovelace' } },
    },
    delete: {
      summary: 'Delete oneself',
      description:
        'Deletes the person who calls, with everything that is theirs alone. Workspaces they own that are in use must be handed over or deleted first.',
      fields: { confirmEmail: 'The caller’s own address. Required when calling with a token.' },
      example: { input: { confirmEmail: 'ada@example.org' } },
    },
    listTokens: {
      summary: 'List one’s own tokens',
      description: 'Personal access tokens, oldest first, without their values.',
    },
    createToken: {
      summary: 'Create a personal access token',
      description: 'Creates a token that acts for the caller. Only this answer shows its value.',
      fields: tokenFields,
      example: { input: { note: 'Nightly export', scopes: ['bot:read'] } },
    },
    rotateToken: {
      summary: 'Rotate a token',
      description: 'Gives a token a new value, which only this answer shows. The old value stays valid for a while.',
      fields: {
        id: 'The token.',
        graceSeconds:
          'How long the old value stays valid, in seconds: a day by default, a week at most; 0 ends it at once.',
      },
      example: { input: { id: sampleIds.token, graceSeconds: 3600 } },
    },
    deleteToken: {
      summary: 'Delete a token',
      description: 'The token stops working at once.',
      fields: { id: 'The token.' },
    },
    setPreference: {
      summary: 'Set one’s own preference',
      description: 'Stores any JSON for the programs a person uses. Without a value the preference is removed.',
      fields: { value: 'Any JSON; `null` is a value.' },
      samples: { value: { mode: 'dark' } },
      example: { input: { key: 'theme', value: { mode: 'dark' } } },
    },
    getPreference: {
      summary: 'Get one’s own preference',
      description: 'The value of a preference, or an empty object if it was never set.',
      samples: { value: { mode: 'dark' } },
    },
    listSessions: {
      summary: 'List one’s own sessions',
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
      fields: { keepCurrent: 'Keeps the session that makes this call.' },
    },
    endSessionsOf: {
      summary: 'End the sessions of a person',
      description: 'Signs a person out everywhere. Only for the operator of the installation.',
      fields: { email: 'The person’s address.' },
    },
  },
)
