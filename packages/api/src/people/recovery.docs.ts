import { docsOf } from '../core/procedure/docs.ts'

const links = {
  password: 'Whether the person chooses a new password; yes unless told.',
  secondFactor: 'Whether their second factor is removed; no unless told.',
  expiresInHours: 'How long the link stays good: 1 to 72 hours, a day unless told.',
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
        'Makes a link by which a member gets back in and ends the one before. Refused where the member stands above the caller or has rights elsewhere that the caller does not lead: then the operator makes it. The answer is the only one that shows the link.',
      fields: { ...links, memberId: 'The member.' },
    },
    create: {
      summary: 'Make a recovery link for anybody',
      description:
        'Makes a link for any person and ends the one before. For the operator of the installation. The answer is the only one that shows the link.',
      fields: links,
    },
    request: {
      summary: 'Ask for a recovery link',
      description:
        'Sends a link to the address, if somebody signs in with it and a password; the answer is the same if nobody does.',
    },
    lookup: {
      summary: 'Read a recovery link',
      description: 'What a link does, for whoever has it. A `POST`, so that the secret stands in no address or log.',
    },
    use: {
      summary: 'Use a recovery link',
      description:
        'Sets the new password or removes the second factor, and ends all sessions of the person. Tokens stay good, and nobody is signed in by it.',
      fields: { password: 'The new password, 12 to 128 characters, where the link is for one.' },
      samples: { password: 'correct horse battery staple' },
      example: {
        input: { secret: 'stw_rec_2xT9vB4nR8wZ1cY5jL3hD6sG0fK7mQ', password: 'correct horse battery staple' },
      },
    },
  },
)
