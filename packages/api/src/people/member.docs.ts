import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const invitation = { id: sampleIds.invitation }

export const memberDocs = docsOf(
  {
    name: 'Members',
    area: 'People',
    description: 'Who works in a workspace and in which role, who is invited, and what each role can do.',
    fields: {
      workspaceId: 'The workspace.',
      email: 'The person’s email address.',
      role: 'Their role; `GET /v1/steward/permissions` lists what each role can do.',
      sendEmail: 'Whether to send the invitation by email, too, if this installation sends email.',
      expiresInHours: 'How long the link stays valid, in hours: 1 to 720, a week by default.',
      secret: 'The part of the link after `#`: `stw_inv_…`.',
    },
    samples: {
      id: sampleIds.member,
      role: 'developer',
      'member.role': 'developer',
      'invitation.id': sampleIds.invitation,
      'invitations.id': sampleIds.invitation,
      invitedBy: sampleIds.user,
      expiresInHours: 168,
      link: 'https://steward.example.org/invitation#stw_inv_7mQ2xT9vB4nR8wZ1cY5jL3hD6sG0fK',
      secret: 'stw_inv_7mQ2xT9vB4nR8wZ1cY5jL3hD6sG0fK',
      workspaceName: 'Acme Support',
    },
  },
  {
    list: {
      summary: 'List members',
      description:
        'The members of a workspace, oldest first. A member who was invited and has not joined yet has no `userId`.',
    },
    me: { summary: 'Get your membership', description: 'The caller as a member of the workspace.' },
    create: {
      summary: 'Add a member',
      description:
        'Adds a person by email address. Somebody who has signed up becomes a member right away; anybody else is invited.',
    },
    update: {
      summary: 'Change a member’s role',
      description: 'Nobody can change their own role or give one above it. To change the owner, transfer ownership.',
      fields: { id: 'The member.' },
    },
    delete: {
      summary: 'Remove a member',
      description:
        'Everybody but the owner can leave; removing others requires an administrator. What the member created stays.',
      fields: { id: 'The member.' },
    },
    invite: {
      summary: 'Invite a person',
      description: 'Creates a link that lets a person join. It is shown only in this response.',
      example: { input: { workspaceId: sampleIds.workspace, email: 'grace@example.org', role: 'developer' } },
    },
    listInvitations: {
      summary: 'List invitations',
      description: 'Open invitations of a workspace, newest first, without their links.',
    },
    renewInvitation: {
      summary: 'Renew an invitation',
      description: 'Gives an invitation a new link and a new expiry. The old link stops working immediately.',
      fields: { id: 'The invitation.' },
      samples: invitation,
      example: { input: { workspaceId: sampleIds.workspace, id: sampleIds.invitation, expiresInHours: 72 } },
    },
    revokeInvitation: {
      summary: 'Revoke an invitation',
      description: 'The link stops working, and the pending member is removed.',
      fields: { id: 'The invitation.' },
      samples: invitation,
    },
    lookupInvitation: {
      summary: 'Get an invitation',
      description:
        'Details of an invitation, for anybody who has its link. A `POST`, to keep the secret out of URLs and logs.',
    },
    acceptInvitation: {
      summary: 'Accept an invitation',
      description: 'Makes the caller a member of the workspace. The invitation must be for their own email address.',
    },
    transferOwnership: {
      summary: 'Transfer ownership',
      description: 'Makes another member the owner; the former owner becomes an administrator.',
      fields: {
        memberId: 'The member who becomes the owner.',
        confirmName: 'The exact name of the workspace, as confirmation, because only the new owner can undo this.',
      },
      samples: {
        memberId: sampleIds.otherMember,
        confirmName: 'Acme Support',
        'owner.id': sampleIds.otherMember,
        'owner.role': 'owner',
        'owner.email': 'grace@example.org',
        'owner.displayName': 'Grace Hopper',
        'owner.userId': '5c8e47a1-9d21-4e0f-a3b6-f002b7f6c0de',
        'formerOwner.role': 'administrator',
      },
    },
    permissions: {
      summary: 'List permissions',
      description: 'Every permission with the roles that have it and the scope that a token needs for it.',
      example: {
        output: {
          roles: ['viewer', 'billing', 'developer', 'manager', 'administrator', 'owner'],
          keyScopes: ['bot:read', 'bot:write'],
          permissions: [
            {
              permission: 'bot.create',
              scope: 'workspace',
              roles: ['developer', 'manager', 'administrator', 'owner'],
              ownRoles: [],
              key: 'bot:write',
              botKeys: false,
            },
          ],
        },
      },
    },
    explain: {
      summary: 'Explain a permission',
      description: 'Whether a person can do something in a workspace, which rule decided it, and who else can.',
      fields: {
        permission: 'The permission: the path of a procedure, such as `bot.delete`.',
        userId: 'The person to ask about. By default, the caller.',
        botId: 'The bot in question, if any: who created it and who can see it are then taken into account.',
      },
      example: {
        output: {
          allowed: false,
          decidedBy: 'role',
          reason: 'Deleting a bot requires an administrator or the owner.',
          subject: { userId: sampleIds.user, memberId: sampleIds.member, role: 'developer' },
          rule: {
            permission: 'bot.delete',
            scope: 'bot',
            roles: ['administrator', 'owner'],
            ownRoles: ['developer', 'manager'],
            key: 'bot:write',
            botKeys: false,
          },
          who: { members: [], more: false },
        },
      },
      samples: { permission: 'bot.delete' },
    },
  },
)
