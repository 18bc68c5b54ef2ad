import type { Failure } from '../base/failure.ts'
import type { Tone } from './badge.tsx'

export interface ToastOptions {
  title: string
  detail?: string | undefined
  tone?: Extract<Tone, 'good' | 'warn' | 'bad' | 'info'>
  /** Takes back what was done. Stays for twelve seconds then, longer while pointed at. */
  undo?: () => void | undefined
  /** What went wrong: its type and id are shown, to be copied. */
  failure?: Failure | undefined
  /** Does it again; for failures where that may help. */
  retry?: () => void | undefined
}

export interface Shown extends ToastOptions {
  id: number
}

let shown: readonly Shown[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly Shown[]): void {
  shown = next
  for (const listener of listeners) listener()
}

/** Says what happened, from anywhere: `toast({ title: 'Key revoked', undo })`. */
export function toast(options: ToastOptions): void {
  set([...shown.slice(-3), { ...options, id: ++lastId }])
}

export const dismiss = (id: number): void => set(shown.filter((item) => item.id !== id))

/** For the Toaster. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const shownToasts = (): readonly Shown[] => shown
