import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const profile = {
  about: 'What the workspace tells of itself.',
  profilePicture: 'The address of a picture.',
  contactEmail: 'Where to write to.',
  website: 'Its website.',
  socialAccounts: 'Addresses of its pages elsewhere; the list is replaced whole.',
  handle: 'Its name in the public directory; nobody else has the same.',
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
      blocked: false,
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
      description: 'Creates a workspace, which the caller owns as its first member.',
      fields: {
        name: 'What people call it.',
        billingVersion: 'How it is billed; there is one way.',
        accountId: 'The account that owns it: one that the caller administers. Their own unless told.',
      },
    },
    list: {
      summary: 'List workspaces',
      description: 'The workspaces that the caller is a member of; with a token bound to one workspace, that one.',
      fields: { handle: 'The one with this handle only.' },
    },
    get: { summary: 'Get a workspace', description: 'A workspace that the caller is a member of.' },
    changes: {
      summary: 'Follow the changes of a workspace',
      description:
        'A stream of events (`text/event-stream`): one per commit or for several together, each saying what kinds of things changed and their ids, so that a client reads anew what it shows. The `data` of each event is JSON as described here, its `id` is to be sent as `Last-Event-ID` by a client that comes back: the stream goes on without a gap, or says with `reset` that it cannot. Without one it begins where the workspace stands, with an event without changes. A comment every 15 seconds says that the stream lives. An event of the name `failure` holds an error and is the last.',
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
        'Changes what is given and keeps the rest. Its profile takes an administrator, its spending limit somebody responsible for billing.',
      fields: {
        ...profile,
        name: 'What people call it.',
        spendingLimit: 'The most it may cost in a month, in US dollars.',
      },
      example: {
        input: { id: sampleIds.workspace, name: 'Acme Support', about: 'Everything that talks to our customers.' },
      },
    },
    getSecurity: {
      summary: 'Get a workspace’s security settings',
      description: 'Whether members need a second factor, and how many have none.',
    },
    updateSecurity: {
      summary: 'Change a workspace’s security settings',
      description:
        'Requires a second factor of all members, at once and for their tokens too, or no longer. The caller needs one to require it.',
      fields: { secondFactorRequired: 'Whether members get in with a second factor only.' },
    },
    delete: {
      summary: 'Delete a workspace',
      description:
        'Deletes the workspace for good, with all its bots, members and preferences; its audit trail stays. The last workspace of an account cannot be deleted.',
    },
    getPublic: {
      summary: 'Get a public workspace',
      description: 'What a public workspace tells of itself, for anybody who is signed in.',
    },
    listPublic: {
      summary: 'List public workspaces',
      description: 'The directory of public workspaces, oldest first.',
      fields: { workspaceIds: 'Only these.', search: 'A part of the name or the handle.' },
      samples: { search: 'acme', workspaceIds: [sampleIds.workspace] },
    },
    checkHandle: {
      summary: 'Check whether a handle is free',
      description: 'Whether a workspace may take the handle, and free ones that are like it if not.',
      fields: { handle: 'The handle that is wanted.' },
      samples: { suggestions: ['acme-support-2'], available: false, usedBy: sampleIds.otherWorkspace },
    },
    setPreference: {
      summary: 'Set a workspace’s preference',
      description:
        'Keeps a value of any kind for programs that show the workspace. Without a value the preference is removed.',
      fields: { key: 'The name of the preference.', value: 'Any JSON; `null` is a value.' },
      example: { input: { workspaceId: sampleIds.workspace, key: 'theme', value: { mode: 'dark' } } },
    },
    getPreference: {
      summary: 'Get a workspace’s preference',
      description: 'The value of a preference; nothing where it was never set.',
      fields: { key: 'The name of the preference.' },
    },
  },
)
