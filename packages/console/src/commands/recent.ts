import { readSetting, writeSetting } from '../base/setting.ts'

/** What was chosen in the palette: a command, or something by its name. */
export interface Recent {
  /** `command`, or the kind of the source that found it. */
  kind: string
  id: string
  /** As it was called then; commands know their own title. */
  name: string
  /** Where it is; null for what is in no workspace. */
  workspaceId: string | null
}

const most = 6

/** Newest first; what is not understood, or of no kind that is known, is left out. */
export function parseRecent(stored: string | null, kinds: readonly string[]): Recent[] {
  let found: unknown
  try {
    found = JSON.parse(stored ?? '[]')
  } catch {
    return []
  }
  return Array.isArray(found) ? found.filter(isRecent).filter(({ kind }) => kinds.includes(kind)) : []
}

function isRecent(value: unknown): value is Recent {
  if (value === null || typeof value !== 'object') return false
  const { kind, id, name, workspaceId } = value as Record<string, unknown>
  const somewhere = workspaceId === null || typeof workspaceId === 'string'
  return typeof kind === 'string' && typeof id === 'string' && typeof name === 'string' && somewhere
}

export function readRecent(kinds: readonly string[]): Recent[] {
  return parseRecent(readSetting('recent'), kinds)
}

/** Keeps it for the next time. */
export function remember(chosen: Recent, kinds: readonly string[]): void {
  const others = readRecent(kinds).filter(({ kind, id }) => kind !== chosen.kind || id !== chosen.id)
  writeSetting('recent', JSON.stringify([chosen, ...others].slice(0, most)))
}
