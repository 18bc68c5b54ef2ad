/** What a token can be narrowed to: each subject by reading alone or with writing, which includes reading. */
export const scopeSubjects = [
  { subject: 'me', label: 'You', about: 'Profile, tokens, sessions' },
  { subject: 'account', label: 'Accounts', about: 'Billing, administrators, transfers' },
  { subject: 'workspace', label: 'Workspaces', about: 'Settings, handles, directory' },
  { subject: 'member', label: 'Members', about: 'People, roles, invitations' },
  { subject: 'recovery', label: 'Recovery links', about: 'New passwords for other people' },
  { subject: 'bot', label: 'Bots', about: 'Configuration, keys, access' },
  { subject: 'version', label: 'Versions', about: 'Versions and deployments' },
  { subject: 'audit', label: 'Audit', about: 'Records, verification, export' },
] as const

export type ScopeSubject = (typeof scopeSubjects)[number]['subject']
export type ScopeLevel = 'none' | 'read' | 'write'
export type ScopeLevels = Readonly<Record<ScopeSubject, ScopeLevel>>

export const noScopes: ScopeLevels = {
  me: 'none',
  account: 'none',
  workspace: 'none',
  member: 'none',
  recovery: 'none',
  bot: 'none',
  version: 'none',
  audit: 'none',
}

/** The scopes as the server takes them: `['bot:write', 'version:read']`. */
export function scopesOf(levels: ScopeLevels): string[] {
  return scopeSubjects.flatMap(({ subject }) => (levels[subject] === 'none' ? [] : [`${subject}:${levels[subject]}`]))
}

/** Scopes in a few words: "Bots: write; Versions: read". A scope of a later server stays as it is. */
export function scopeLabels(scopes: readonly string[]): string[] {
  const known = scopeSubjects.flatMap(({ subject, label }) => {
    if (scopes.includes(`${subject}:write`)) return [`${label}: write`]
    return scopes.includes(`${subject}:read`) ? [`${label}: read`] : []
  })
  const subjects = new Set<string>(scopeSubjects.map(({ subject }) => subject))
  return [...known, ...scopes.filter((scope) => !subjects.has(scope.split(':')[0] ?? ''))]
}
