import { docsOf } from '../core/procedure/docs.ts'

const links = {
  password: 'Whether the link lets the person choose a new password. By default it does.',
  secondFactor: 'Whether the link removes their second factor. By default it does not.',
  expiresInHours: 'How long the link stays valid, in hours: 1 to 72, a day by default.',
  sendEmail: 'Whether to send the link by email, too, if this installation sends email.',
}

export const recoveryDocs = docsOf(
  {
    name: 'Account recovery',
    area: 'People',
    description: 'Links for people who lost their password or their second factor.',
    fields: {
      secret: 'The part of the link after `#`: `stw_rec_…`.',
      email: 'The person’s email address.',
      workspaceId: 'The workspace of the member.',
    },
    samples: {
      link: 'https://steward.example.org/recover#stw_rec_2xT9vB4nR8wZ1cY5jL3hD6sG0fK7mQ',
      secret: 'stw_rec_2xT9vB4nR8wZ1cY5jL3hD6sG0fK7mQ',
      password: true,
      byMail: true,
      tokens: 1,
    },
  },
  {
    createForMember: {
      summary: 'Create a recovery link for a member',
      description:
        'Creates a link that lets a member back in, and revokes the previous one. Refused if the member has a higher role than the caller or belongs to workspaces that the caller does not administer; the operator can create it then. The link is shown only in this response.',
      fields: { ...links, memberId: 'The member.' },
    },
    create: {
      summary: 'Create a recovery link for anybody',
      description:
        'Creates a link for any person, and revokes the previous one. Only the operator of the installation can do this. The link is shown only in this response.',
      fields: links,
    },
    request: {
      summary: 'Request a recovery link',
      description:
        'Sends a link to the address if somebody signs in with it and a password. The response is the same if nobody does.',
    },
    lookup: {
      summary: 'Get a recovery link',
      description: 'What a link is for, for anybody who has it. A `POST`, to keep the secret out of URLs and logs.',
    },
    use: {
      summary: 'Use a recovery link',
      description:
        'Sets a new password or removes the second factor, and ends all sessions of the person. Tokens stay valid. This does not sign anybody in.',
      fields: { password: 'The new password, 12 to 128 characters, if the link is for one.' },
      samples: { password: 'correct horse battery staple' },
      example: {
        input: { secret: 'stw_rec_2xT9vB4nR8wZ1cY5jL3hD6sG0fK7mQ', password: 'correct horse battery staple' },
      },
    },
  },
)
