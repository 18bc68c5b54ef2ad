import type { Workspace } from '../../session/workspaces.ts'

/** The settings as a form holds them. */
export interface SettingsValues {
  name: string
  handle: string
  about: string
  website: string
  contactEmail: string
  profilePicture: string
  /** One address per line. */
  socialAccounts: string
  isPublic: boolean
  spendingLimit: number | undefined
}

export function valuesOf(workspace: Workspace): SettingsValues {
  return {
    name: workspace.name,
    handle: workspace.handle ?? '',
    about: workspace.about ?? '',
    website: workspace.website ?? '',
    contactEmail: workspace.contactEmail ?? '',
    profilePicture: workspace.profilePicture ?? '',
    socialAccounts: (workspace.socialAccounts ?? []).join('\n'),
    isPublic: workspace.isPublic ?? false,
    spendingLimit: workspace.spendingLimit,
  }
}

/** The fields as `workspace.update` takes them. */
export function fieldsOf({ socialAccounts, handle, ...values }: Partial<SettingsValues>) {
  return {
    ...values,
    ...(handle !== undefined && { handle: handle.trim() }),
    ...(socialAccounts !== undefined && { socialAccounts: linesOf(socialAccounts) }),
  }
}

export function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => line.trim() || [])
}

const handleRule = /^[0-9a-z][a-z0-9-_]+[0-9a-z]$/

/** What is wrong with a handle before the server is asked; null when it may be asked. */
export function handleProblem(handle: string): string | null {
  if (handle.length < 3) return 'It needs at least 3 characters.'
  if (handle.length > 50) return 'It can have at most 50 characters.'
  if (/[^a-z0-9-_]/.test(handle)) return 'Only lowercase letters, digits, - and _.'
  return handleRule.test(handle) ? null : 'It must start and end with a letter or a digit.'
}
