import { createHash } from 'node:crypto'
import { ApiError } from '../../core/errors.ts'
import { commonMarks, markLength } from './common-passwords.ts'

let common: ReadonlySet<string> | undefined

/** What everybody tries here, whoever the person is. */
const ownWords = ['steward', 'password', 'passwort', 'admin', 'administrator', 'welcome', 'qwerty', 'letmein', 'secret']

/**
 * Refuses a new password that guessers try first: one of the list, or one that is made of the person's own words, the
 * product's and digits.
 * @param about the person's email and name, as far as they are known.
 * @throws InvalidPayload
 */
export function refuseGuessable(password: string, about: readonly string[] = []): void {
  if (isCommon(password))
    throw new ApiError(
      'InvalidPayload',
      '"password": this is a common password, which attackers try first. Use a sentence instead.',
    )
  if (isMadeOf(password, [...ownWords, ...about.flatMap((text) => wordsOf(text))]))
    throw new ApiError(
      'InvalidPayload',
      '"password": this is little more than names and digits that are easy to guess. Use a sentence instead.',
    )
}

function isCommon(password: string): boolean {
  common ??= commonMarks()
  const digest = createHash('sha256').update(plain(password)).digest('base64url')
  return common.has(digest.slice(0, markLength))
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase()

/** The parts of an address or a name that are long enough to mean something. */
function wordsOf(text: string): string[] {
  return plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= 3)
}

/** Whether fewer than four letters are left without these words, or one or two characters are all there is. */
function isMadeOf(password: string, words: readonly string[]): boolean {
  const whole = plain(password)
  if (new Set(whole).size <= 2) return true
  const longestFirst = words.toSorted((a, b) => b.length - a.length)
  const rest = longestFirst.reduce((text, word) => text.replaceAll(word, ' '), whole)
  return rest !== whole && (rest.match(/\p{L}/gu) ?? []).length < 4
}
