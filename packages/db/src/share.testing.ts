import { env } from 'node:process'

/**
 * Whether suites that try the same in many ways try them all: with `npm test -- --full`. Otherwise each tries a share,
 * and what is drawn for it comes from `shareSeed`.
 */
export const isFull = env['STEWARD_FULL'] === '1'

/** `npm test` prints it and takes it: `STEWARD_SEED=7 npm test`. */
export const shareSeed = Number(env['STEWARD_SEED'] ?? 1)

/** Heads or tails for a name, by the seed. */
export function coin(name: string): boolean {
  let hash = 0x81_1c_9d_c5 ^ shareSeed
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01_00_01_93)
  // The lowest bits of such a product know only the lowest bits of the letters.
  return ((hash >>> 16) & 1) === 1
}

/** How often something drawn at random is tried: as often as given, or a fraction of it. */
export function runs(all: number, share: number): number {
  return isFull ? all : Math.ceil(all * share)
}
