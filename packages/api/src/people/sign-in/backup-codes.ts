import type { Ids } from '../../core/id.ts'
import { sha256 } from '../../core/secrets.ts'

/** Letters and digits that nobody takes for another when they copy them from paper; 32, so a byte gives one evenly. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz023456789'
const amount = 10
/** 24 characters are 120 bits: a plain hash of them is as good as theirs, since nobody can try them all. */
const length = 24

/**
 * How the sign-in library makes backup codes and keeps them: by their hashes, which open nothing. What somebody types
 * must be given to it as `hashOfCode`.
 */
export function backupCodes(ids: Ids) {
  return {
    customBackupCodesGenerate: () => Array.from({ length: amount }, () => newCode(ids)),
    storeBackupCodes: {
      // It gives new codes in clear, and those that are left, as it got them from here.
      encrypt: async (list: string) => JSON.stringify((JSON.parse(list) as string[]).map(asHash)),
      decrypt: async (stored: string) => stored,
    },
  }
}

/** @param typed with or without its hyphens, in letters of any size. */
export function hashOfCode(typed: string): string {
  return marked + sha256(typed.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))
}

const marked = 'sha256:'
const asHash = (code: string): string => (code.startsWith(marked) ? code : hashOfCode(code))

function newCode(ids: Ids): string {
  const letters = [...ids.bytes(length)].map((byte) => alphabet.charAt(byte % alphabet.length))
  return letters.join('').replaceAll(/(.{6})(?!$)/g, '$1-')
}
