import { account } from '@steward/api/schema'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('')

/** The countries that the server takes, by their English names. */
export function countries(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames('en', { type: 'region' })
  const { country } = account.billingAddress.shape
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => country.safeParse(code).success)
    .map((code) => ({ value: code, label: names.of(code) ?? code }))
    .toSorted((a, b) => a.label.localeCompare(b.label, 'en'))
}
