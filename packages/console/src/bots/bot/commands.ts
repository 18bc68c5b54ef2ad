import { defineCommands } from '../../commands/command.ts'

export const botCommands = defineCommands({
  'go.bots': {
    title: 'Go to bots',
    group: 'Go to',
    keys: 'g b',
    menu: 'go',
    when: ({ workspaceId }) => workspaceId !== null,
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/bots', params: { workspaceId } }),
  },
  'bot.create': {
    title: 'New bot',
    group: 'Bot',
    menu: 'file',
    words: 'create add make',
    when: ({ workspaceId, may }) => workspaceId !== null && may('bot.create'),
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/bots', params: { workspaceId }, search: { do: 'create' } }),
  },
  // The rest is answered by the open bot (bot-page.tsx) and its tabs.
  'bot.deploy': { title: 'Deploy a version', group: 'Bot', keys: 'd', words: 'release publish' },
  'bot.saveVersion': { title: 'Save a version', group: 'Bot', keys: 'v', words: 'snapshot create tag' },
  'bot.rollback': { title: 'Roll back to the previous version', group: 'Bot', words: 'revert undo deploy' },
  'bot.compare': { title: 'Compare versions', group: 'Bot', words: 'diff difference changes' },
  'bot.saveConfiguration': { title: 'Save the configuration', group: 'Bot', keys: 'mod+s', menu: 'file' },
  'bot.formatConfiguration': {
    title: 'Format the configuration',
    group: 'Bot',
    keys: 'mod+shift+f',
    words: 'pretty json',
  },
  'bot.rename': { title: 'Rename the bot', group: 'Bot', words: 'name' },
  'bot.createKey': { title: 'Create a key for the bot', group: 'Bot', words: 'api token bak' },
  'bot.setSecret': { title: 'Set a secret for the bot', group: 'Bot', words: 'environment variable' },
  'bot.rotateSecret': { title: 'Rotate the bot’s signing secret', group: 'Bot', words: 'hmac key' },
  'bot.transfer': { title: 'Transfer the bot to another workspace', group: 'Bot', words: 'move' },
  'bot.delete': { title: 'Delete the bot', group: 'Bot', words: 'remove destroy' },
  'bot.copyId': { title: 'Copy the bot’s id', group: 'Bot' },
  'bot.overview': { title: 'Open the bot’s overview', group: 'Bot', keys: 'g 1' },
  'bot.configuration': { title: 'Open the bot’s configuration', group: 'Bot', keys: 'g 2' },
  'bot.versions': { title: 'Open the bot’s versions', group: 'Bot', keys: 'g 3' },
  'bot.deployments': { title: 'Open the bot’s deployments', group: 'Bot', keys: 'g 4', words: 'history' },
  'bot.keys': { title: 'Open the bot’s keys', group: 'Bot', keys: 'g 5' },
  'bot.access': { title: 'Open the bot’s access', group: 'Bot', keys: 'g 6', words: 'access allowlist people' },
  'bot.settings': { title: 'Open the bot’s settings', group: 'Bot', keys: 'g 7', words: 'tags secrets danger' },
})
