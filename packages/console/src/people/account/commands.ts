import { defineCommands } from '../../commands/command.ts'

export const accountCommands = defineCommands({
  'go.accounts': {
    title: 'Go to accounts',
    group: 'Go to',
    keys: 'g c',
    menu: 'go',
    words: 'customers organizations',
    run: ({ navigate }) => navigate({ to: '/accounts' }),
  },
  'account.create': {
    title: 'Create an organization',
    group: 'Workspace',
    words: 'new account customer',
    menu: 'file',
    run: ({ navigate }) => navigate({ to: '/accounts', search: { do: 'create-organization' } }),
  },
})
