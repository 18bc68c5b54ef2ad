import { setDensity, setTheme } from '../ui/theme.ts'
import { defineCommands } from './command.ts'

export const viewCommands = defineCommands({
  'palette.open': { title: 'Search and run commands', group: 'Help', keys: 'mod+k', menu: 'view', quiet: true },
  'help.keys': { title: 'Show keyboard shortcuts', group: 'Help', keys: '?', menu: 'help', words: 'keys help' },
  'request.copy': {
    title: 'Copy this page’s request',
    group: 'Help',
    keys: 'mod+shift+c',
    words: 'curl client cli api',
    menu: 'view',
  },
  'rail.toggle': { title: 'Collapse or expand the sidebar', group: 'View', keys: '[', menu: 'view', words: 'sidebar' },
  'workspace.switch': { title: 'Switch workspace', group: 'Workspace', keys: 'g w', words: 'change' },
  'theme.light': { title: 'Use the light theme', group: 'View', words: 'appearance', run: () => setTheme('light') },
  'theme.dark': { title: 'Use the dark theme', group: 'View', words: 'appearance', run: () => setTheme('dark') },
  'theme.system': {
    title: 'Use the system’s theme',
    group: 'View',
    words: 'appearance',
    run: () => setTheme('system'),
  },
  'density.compact': { title: 'Use compact density', group: 'View', run: () => setDensity('compact') },
  'density.comfortable': { title: 'Use comfortable density', group: 'View', run: () => setDensity('comfortable') },
})

/** Answered by the list in front of one (page/list). */
export const listCommands = defineCommands({
  'list.next': { title: 'Next row', group: 'List', keys: 'j|arrowdown', quiet: true },
  'list.previous': { title: 'Previous row', group: 'List', keys: 'k|arrowup', quiet: true },
  'list.first': { title: 'First row', group: 'List', keys: 'home', quiet: true },
  'list.last': { title: 'Last loaded row', group: 'List', keys: 'end', quiet: true },
  'list.inspect': { title: 'Inspect the row', group: 'List', keys: 'enter', quiet: true },
  'list.open': { title: 'Open the row’s page', group: 'List', keys: 'shift+enter', quiet: true },
  'list.edit': { title: 'Edit the row', group: 'List', keys: 'e', quiet: true },
  'list.actions': { title: 'Open the row’s actions', group: 'List', keys: '.', quiet: true },
  'list.select': { title: 'Select the row', group: 'List', keys: 'x', quiet: true },
  'list.selectAll': { title: 'Select all loaded rows', group: 'List', keys: 'mod+a', quiet: true },
  'list.search': { title: 'Search this list', group: 'List', keys: '/', quiet: true },
  'list.filter': { title: 'Filter this list', group: 'List', keys: 'f', quiet: true },
  'list.view': { title: 'Choose columns and views of this list', group: 'List', keys: 'shift+v', quiet: true },
  'list.news': { title: 'Show new entries', group: 'List', keys: 'r', quiet: true },
  'list.create': { title: 'Create', group: 'List', keys: 'c', quiet: true },
  'list.escape': { title: 'Close the inspector or clear the selection', group: 'List', keys: 'escape', quiet: true },
})
