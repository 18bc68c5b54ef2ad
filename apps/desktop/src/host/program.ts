import { findLacking } from './primitives.ts'

/** This build of Steward does not work on this computer, whatever the data is like. */
export class UnfitProgram extends Error {
  override readonly name = 'UnfitProgram'
}

/** @throws UnfitProgram naming what this build of Electron cannot do. */
export async function requirePrimitives(): Promise<void> {
  const lacking = await findLacking()
  if (lacking.length > 0) throw lacks(lacking)
}

/** @throws UnfitProgram where a password cannot be hashed, and whatever else `work` throws. */
export async function withPasswords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    // Scrypt takes 128 MiB for one password, more than BoringSSL allows unless asked.
    if (codeOf(cause).startsWith('ERR_CRYPTO_')) throw lacks(['scrypt with 128 MiB'])
    throw cause
  }
}

function lacks(names: readonly string[]): UnfitProgram {
  return new UnfitProgram(
    `This build of Steward lacks cryptography it needs (${names.join(', ')}). Install another build of Steward.`,
  )
}

/** What to do where a part of the program cannot be loaded; null for other causes. */
export function unfitness(cause: unknown): UnfitProgram | null {
  if (cause instanceof UnfitProgram) return cause
  if (!['ERR_DLOPEN_FAILED', 'MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(codeOf(cause))) return null
  const message = cause instanceof Error ? cause.message : ''
  const reason = /GLIBC_/.test(message)
    ? 'On Linux it needs glibc 2.34 or newer: Ubuntu 22.04, Debian 12, Fedora 35, or later ones.'
    : 'Reinstall Steward with the build for this computer.'
  return new UnfitProgram(`A part of Steward cannot be loaded. ${reason} (${message.split('\n')[0]})`)
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException | null)?.code ?? ''
