/*
 * What was typed into forms and not saved yet. It lasts as long as the tab: over a reload, a new build of the console and
 * a session that ended. Another tab has its own, so two that show the same object do not write over each other. It is
 * bound to the person and to the installation they are signed in to, and never holds secrets.
 */
export interface Draft {
  /** Milliseconds since 1970, by the server's clock. */
  at: number
  /** By path; null where there was no value. */
  fields: Record<string, { base: unknown; mine: unknown }>
}

const mark = 'steward.draft '
let owner: string | null = null

/** Says whose drafts these are: the person at an installation. Without one nothing is kept and nothing is found. */
export function setDraftOwner(next: string | null): void {
  owner = next
}

export function readDraft(name: string): Draft | null {
  if (owner === null) return null
  try {
    const draft: unknown = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? 'null')
    return isDraft(draft) ? draft : null
  } catch {
    return null
  }
}

/** @param draft null removes it. */
export function writeDraft(name: string, draft: Draft | null): void {
  if (owner === null) return
  try {
    if (draft === null) sessionStorage.removeItem(keyOf(name))
    else sessionStorage.setItem(keyOf(name), JSON.stringify(draft))
  } catch {
    // Full or forbidden: what is typed lasts as long as the page.
  }
}

/** Removes every draft in this tab, whoever's it is. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(mark)) sessionStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

function keyOf(name: string): string {
  return `${mark}${owner} ${name}`
}

function isDraft(value: unknown): value is Draft {
  if (value === null || typeof value !== 'object') return false
  const { at, fields } = value as Partial<Draft>
  if (typeof at !== 'number' || fields === null || typeof fields !== 'object') return false
  return Object.values(fields).every((field: unknown) => field !== null && typeof field === 'object')
}
