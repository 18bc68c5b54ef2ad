import { defineCommands } from '../../commands/command.ts'

/** On this computer's own data nobody signs in. Asked when it matters: this table is also read where no page is. */
const signsIn = (): boolean => window.steward?.connection.kind !== 'local'

export const meCommands = defineCommands({
  'me.profile': {
    title: 'Go to your profile',
    group: 'Person',
    keys: 'g p',
    run: ({ navigate }) => navigate({ to: '/me/profile' }),
  },
  'me.tokens': {
    title: 'Go to your personal access tokens',
    group: 'Person',
    keys: 'g t',
    words: 'pat api keys',
    run: ({ navigate }) => navigate({ to: '/me/tokens' }),
  },
  'me.createToken': {
    title: 'Create a personal access token',
    group: 'Person',
    words: 'pat new api key',
    run: ({ navigate }) => navigate({ to: '/me/tokens', search: { do: 'create' } }),
  },
  'me.sessions': {
    title: 'Go to your sessions',
    group: 'Person',
    when: signsIn,
    run: ({ navigate }) => navigate({ to: '/me/sessions' }),
  },
  'me.security': {
    title: 'Go to your password and second factor',
    group: 'Person',
    words: 'security totp 2fa mfa',
    when: signsIn,
    run: ({ navigate }) => navigate({ to: '/me/security' }),
  },
  'me.signOutEverywhere': {
    title: 'Sign out everywhere',
    group: 'Person',
    words: 'end sessions log out',
    when: signsIn,
    run: ({ navigate }) => navigate({ to: '/me/sessions', search: { do: 'sign-out-everywhere' } }),
  },
  'me.signOut': { title: 'Sign out', group: 'Person', words: 'log out leave' },
})
