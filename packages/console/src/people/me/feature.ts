import { defineFeature } from '../../commands/feature.ts'
import { meCommands } from './commands.ts'

export const meFeature = defineFeature({
  commands: meCommands,
  trail: {
    at: '/me',
    to: '/me/profile',
    label: 'You',
    pages: {
      '/me/profile': 'Profile',
      '/me/tokens': 'Personal access tokens',
      '/me/sessions': 'Sessions',
      '/me/security': 'Password and second factor',
    },
  },
})
