import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const profile = {
  about: 'A description of the workspace.',
  profilePicture: 'The URL of a picture.',
  contactEmail: 'The email address for contact.',
  website: 'Its website.',
  socialAccounts: 'URLs of its pages elsewhere. The list is replaced as a whole.',
  handle: 'Its unique name in the public directory.',
  isPublic: 'Whether the public directory shows it.',
}

export const workspaceDocs = docsOf(
  {
    name: 'Workspaces',
    area: 'People',
    description: 'Workspaces: where bots live and people work together.',
    fields: { id: 'The workspace.', workspaceId: 'The workspace.' },
    samples: {
      id: sampleIds.workspace,
      name: 'Acme Support',
      ownerId: sampleIds.user,
      botCount: 3,
      billingVersion: 'v4',
      plan: 'team',
      spendingLimit: 100,
      isPublic: true,
      activeTrialId: null,
      about: 'Everything that talks to our customers.',
      profilePicture: 'https://example.org/acme.png',
      contactEmail: 'support@example.org',
      website: 'https://example.org',
      socialAccounts: ['https://social.example.org/acme'],
      handle: 'acme-support',
      key: 'theme',
      value: { mode: 'dark' },
      secondFactorRequired: true,
      membersWithoutSecondFactor: 2,
    },
  },
  {
    create: {
      summary: 'Create a workspace',
      description: 'Creates a workspace. The caller owns it and is its first member.',
      fields: {
        name: 'Its name.',
        billingVersion: 'The version of billing; `v4` is the only one.',
        accountId: 'The account that will own it, which the caller must administer. By default their own.',
      },
    },
    list: {
      summary: 'List workspaces',
      description: 'The workspaces that the caller is a member of; with a token bound to one workspace, that one.',
      fields: { handle: 'Only the workspace with this handle.' },
    },
    get: { summary: 'Get a workspace', description: 'A workspace that the caller is a member of.' },
    changes: {
      summary: 'Follow the changes of a workspace',
      description:
        'A stream of events (`text/event-stream`): one for each commit or for several together, with the kinds and ids of what changed, so that a client knows what to reload. The `data` of each event is JSON as described here. A client that reconnects sends the last `id` as `Last-Event-ID`: the stream then continues without a gap, or says with `reset` that it cannot. Without one it begins at the current state, with an event that has no changes. A comment every 15 seconds shows that the stream is alive. An event named `failure` holds an error and is the last.',
      fields: { lastEventId: 'The id of the last event that reached the client.' },
      samples: {
        lastEventId: '41-9f2b6f0a',
        version: 42,
        reset: false,
        changes: [{ type: 'bot', id: sampleIds.bot, deleted: false }],
      },
    },
    update: {
      summary: 'Update a workspace',
      description:
        'Updates the given fields and keeps the rest. Changing the profile requires an administrator; the billing role can change the spending limit, too.',
      fields: {
        ...profile,
        name: 'Its name.',
        spendingLimit: 'The spending limit per month, in US dollars.',
      },
      example: {
        input: { id: sampleIds.workspace, name: 'Acme Support', about: 'Everything that talks to our customers.' },
      },
    },
    getSecurity: {
      summary: 'Get a workspace’s security settings',
      description: 'Whether members need a second factor, and how many do not have one.',
    },
    updateSecurity: {
      summary: 'Change a workspace’s security settings',
      description:
        'Starts or stops requiring a second factor of all members. It takes effect immediately, for their tokens too. The caller needs a second factor to require one.',
      fields: { secondFactorRequired: 'Whether members need a second factor.' },
    },
    delete: {
      summary: 'Delete a workspace',
      description:
        'Permanently deletes the workspace with all its bots, members and preferences. Its audit trail stays. The last workspace of an account cannot be deleted.',
    },
    getPublic: {
      summary: 'Get a public workspace',
      description: 'The profile of a public workspace, for anybody who is signed in.',
    },
    listPublic: {
      summary: 'List public workspaces',
      description: 'The directory of public workspaces, oldest first.',
      fields: { workspaceIds: 'Only workspaces with these ids.', search: 'Part of the name or the handle.' },
      samples: { search: 'acme', workspaceIds: [sampleIds.workspace] },
    },
    checkHandle: {
      summary: 'Check whether a handle is available',
      description: 'Whether the handle is available, and if not, similar ones that are.',
      fields: { handle: 'The handle to check.' },
      samples: { suggestions: ['acme-support-2'], available: false, usedBy: sampleIds.otherWorkspace },
    },
    setPreference: {
      summary: 'Set a workspace’s preference',
      description: 'Stores any JSON for the apps that show a workspace. Without a value, the preference is removed.',
      fields: { key: 'The name of the preference.', value: 'Any JSON value, including `null`.' },
      example: { input: { workspaceId: sampleIds.workspace, key: 'theme', value: { mode: 'dark' } } },
    },
    getPreference: {
      summary: 'Get a workspace’s preference',
      description: 'The value of a preference, or an empty object if it was never set.',
      fields: { key: 'The name of the preference.' },
    },
  },
)
