// The double of the `electron` module in a utility process: Electron gives it little more than this.
import type { Net } from 'electron'
import { only } from './env.ts'

export const net: Net = only<Net>('net', {
  fetch: (input: string, init?: RequestInit) => globalThis.fetch(input, init),
})
