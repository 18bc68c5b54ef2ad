import { readSetting, writeSetting } from '../base/setting.ts'

/** What was chosen in the palette: a command, or something by its name. */
export interface Recent {
  kind: 'command' | 'bot' | 'member' | 'workspace'
  id: string
  /** As it was called then; commands know their own title. */
  name: string
  /** Where it is; null for what is in no workspace. */
  workspaceId: string | null
}

const most = 6

/** Newest first; what is not understood is left out. */
export function parseRecent(stored: string | null): Recent[] {
  let found: unknown
  try {
    found = JSON.parse(stored ?? '[]')
  } catch {
    return []
  }
  return Array.isArray(found) ? found.filter(isRecent) : []
}

function isRecent(value: unknown): value is Recent {
  if (value === null || typeof value !== 'object') return false
  const { kind, id, name, workspaceId } = value as Record<string, unknown>
  const kinds: unknown[] = ['command', 'bot', 'member', 'workspace'] satisfies Recent['kind'][]
  const somewhere = workspaceId === null || typeof workspaceId === 'string'
  return kinds.includes(kind) && typeof id === 'string' && typeof name === 'string' && somewhere
}

export function readRecent(): Recent[] {
  return parseRecent(readSetting('recent'))
}

/** Keeps it for the next time; people not, whose names have no business on a disk. */
export function remember(chosen: Recent): void {
  if (chosen.kind === 'member') return
  const others = readRecent().filter(({ kind, id }) => kind !== chosen.kind || id !== chosen.id)
  writeSetting('recent', JSON.stringify([chosen, ...others].slice(0, most)))
}
