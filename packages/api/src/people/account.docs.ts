import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const billingAddress = { line1: 'Rämistrasse 1', city: 'Zürich', postalCode: '8001', country: 'CH' }

const contacts = {
  legalName: 'Its legal name.',
  taxId: 'Its tax number.',
  contactEmail: 'The email address for contact.',
  billingEmail: 'The email address for invoices.',
  billingAddress: 'The address on invoices. It is replaced as a whole.',
}

export const accountDocs = docsOf(
  {
    name: 'Accounts',
    area: 'People',
    description:
      'Accounts are the customers (organizations or individuals) who own workspaces and pay for them. Their administrators do not have to be members of the workspaces.',
    fields: { accountId: 'The account.', userId: 'The person.', transferId: 'The transfer.' },
    samples: {
      id: sampleIds.account,
      kind: 'organization',
      name: 'Acme',
      legalName: 'Acme Ltd',
      taxId: 'CHE-123.456.789',
      contactEmail: 'office@example.org',
      billingEmail: 'invoices@example.org',
      billingAddress,
      workspaceName: 'Acme Support',
      transferId: sampleIds.transfer,
      'transfers.id': sampleIds.transfer,
      direction: 'outgoing',
      fromAccountId: sampleIds.account,
      fromAccountName: 'Acme',
      toAccountId: sampleIds.otherAccount,
      'workspace.id': sampleIds.workspace,
      'workspaces.id': sampleIds.workspace,
      'workspace.name': 'Acme Support',
      'workspaces.name': 'Acme Support',
      ownerId: sampleIds.user,
      botCount: 3,
      billingVersion: 'v4',
      plan: 'team',
      spendingLimit: 100,
      activeTrialId: null,
      about: 'Everything that talks to our customers.',
      profilePicture: 'https://example.org/acme.png',
      website: 'https://example.org',
      socialAccounts: ['https://social.example.org/acme'],
      handle: 'acme-support',
    },
  },
  {
    list: {
      summary: 'List accounts',
      description: 'The accounts that the caller administers. A token bound to one workspace sees none.',
    },
    create: {
      summary: 'Create an organization',
      description:
        'Creates an account for an organization, with its first workspace. The caller administers the account and owns the workspace.',
      fields: { ...contacts, name: 'Its name.', workspaceName: 'The name of its first workspace.' },
      example: { input: { name: 'Acme', workspaceName: 'Acme Support', billingAddress } },
    },
    get: { summary: 'Get an account', description: 'An account that the caller administers.' },
    update: {
      summary: 'Update an account',
      description: 'Updates the given fields and keeps the rest; `null` clears a field.',
      fields: { ...contacts, name: 'Its name.' },
      example: { input: { accountId: sampleIds.account, billingEmail: 'invoices@example.org', taxId: null } },
    },
    delete: {
      summary: 'Delete an account',
      description:
        'Deletes an organization and its last workspace, which must not have any bots. The caller must own that workspace.',
    },
    listWorkspaces: { summary: 'List an account’s workspaces', description: 'The workspaces that the account owns.' },
    listAdministrators: {
      summary: 'List an account’s administrators',
      description: 'The people who can change the account and transfer its workspaces.',
    },
    addAdministrator: {
      summary: 'Add an administrator to an account',
      description: 'Lets a person who has signed up administer an organization’s account.',
      fields: { email: 'The person’s email address.' },
    },
    removeAdministrator: {
      summary: 'Remove an administrator from an account',
      description:
        'Removes an administrator. Callers can remove themselves. An organization needs at least one administrator.',
    },
    listTransfers: {
      summary: 'List workspace transfers',
      description: 'Pending transfers of workspaces from and to the account, oldest first.',
      fields: { direction: 'Only `incoming` or only `outgoing` transfers.' },
    },
    offerWorkspace: {
      summary: 'Transfer a workspace to another account',
      description:
        'Offers a workspace to another account for 7 days. It moves when an administrator of that account accepts. The caller must also own the workspace.',
      fields: {
        accountId: 'The account that owns the workspace now.',
        workspaceId: 'The workspace.',
        toAccountId: 'The account to transfer it to.',
      },
      samples: { id: sampleIds.transfer },
    },
    withdrawWorkspace: {
      summary: 'Cancel a transfer',
      description: 'Cancels a transfer that the account started.',
      fields: { accountId: 'The account that started the transfer.' },
    },
    acceptWorkspace: {
      summary: 'Accept a transfer',
      description: 'Moves the workspace into the account; members, bots and handle stay as they are.',
      fields: { accountId: 'The account that the workspace is offered to.' },
      samples: { id: sampleIds.workspace, name: 'Acme Support' },
    },
    declineWorkspace: {
      summary: 'Decline a transfer',
      description: 'Declines a transfer to the account. The workspace stays where it is.',
      fields: { accountId: 'The account that the workspace is offered to.' },
    },
  },
)
