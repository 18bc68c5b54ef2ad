import { House } from 'lucide-react'
import { defineFeature } from '../commands/feature.ts'
import { homeCommands } from './commands.ts'

export const homeFeature = defineFeature({
  commands: homeCommands,
  section: {
    to: '/w/$workspaceId/home',
    label: 'Home',
    icon: House,
    command: 'go.home',
    permission: 'workspace.get',
  },
})
