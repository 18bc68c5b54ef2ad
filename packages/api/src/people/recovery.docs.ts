import { docsOf } from '../core/procedure/docs.ts'

const links = {
  password: 'Whether the link lets the person choose a new password. By default it does.',
  secondFactor: 'Whether the link removes their second factor. By default it does not.',
  expiresInHours: 'How long the link stays valid, in hours: 1 to 72, a day by default.',
  sendEmail: 'Sends the link by e-mail too, where this installation sends mail.',
}

export const recoveryDocs = docsOf(
  {
    name: 'Getting back in',
    area: 'People',
    description: 'Links that let people in again who lost their password or their second factor.',
    fields: {
      secret: 'What follows `#` in the link: `stw_rec_…`.',
      email: 'The person’s address.',
      workspaceId: 'The workspace of the member.',
    },
    samples: {
      link: 'https://steward.example.org/recover#stw_rec_2xT9vB4nR8wZ1cY5jL3hD6sG0fK7mQ',
      secret: 'stw_rec_2xT9vB4nR8wZ1cY5jL3hD6sG0fK7mQ',
      emailed: false,
      password: true,
      secondFactor: false,
      byMail: true,
      tokens: 1,
    },
  },
  {
    createForMember: {
      summary: 'Make a recovery link for a member',
      description:
        'Creates a link that lets a member back in, and ends the one before. Refused if the member ranks above the caller or belongs to workspaces that the caller does not administer; the operator can create it then. Only this answer shows the link.',
      fields: { ...links, memberId: 'The member.' },
    },
    create: {
      summary: 'Make a recovery link for anybody',
      description:
        'Creates a link for any person, and ends the one before. Only for the operator of the installation. Only this answer shows the link.',
      fields: links,
    },
    request: {
      summary: 'Ask for a recovery link',
      description:
        'Sends a link to the address if somebody signs in with it and a password. The answer is the same if nobody does.',
    },
    lookup: {
      summary: 'Read a recovery link',
      description:
        'What a link is for, told to whoever has it. A `POST`, to keep the secret out of addresses and logs.',
    },
    use: {
      summary: 'Use a recovery link',
      description:
        'Sets a new password or removes the second factor, and ends all sessions of the person. Tokens stay valid, and nobody is signed in by this.',
      fields: { password: 'The new password, 12 to 128 characters, if the link is for one.' },
      samples: { password: 'correct horse battery staple' },
      example: {
        input: { secret: 'stw_rec_2xT9vB4nR8wZ1cY5jL3hD6sG0fK7mQ', password: 'correct horse battery staple' },
      },
    },
  },
)
