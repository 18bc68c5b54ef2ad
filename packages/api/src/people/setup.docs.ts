import { docsOf } from '../core/procedure/docs.ts'

export const setupDocs = docsOf(
  { name: 'Setup', area: 'People', description: 'The first steps of a new installation.' },
  {
    status: {
      summary: 'Get the state of the installation',
      description:
        'Whether the installation has an owner yet, whether it sends mail, and which providers people can sign in with.',
      samples: { state: 'claimed', mail: true, providers: [{ id: 'google', name: 'Google' }] },
    },
    claim: {
      summary: 'Claim a new installation',
      description:
        'Creates the first person, who owns the installation, with the code that the server printed when it started.',
      fields: {
        code: 'The setup code, `stw_set_…`.',
        email: 'The owner’s email address.',
        name: 'The owner’s name.',
        password: '12 to 128 characters.',
        keepFirstToken:
          'Whether the token printed at the first start stays valid. By default it does not, because it was shown in a terminal or a log.',
      },
      samples: {
        code: 'stw_set_4nR8wZ1cY5jL3hD6sG0fK7mQ2xT9vB',
        name: 'Ada Lovelace',
        password: 'correct horse battery staple',
        keepFirstToken: false,
      },
    },
  },
)
