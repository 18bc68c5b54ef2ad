import type { Account } from './accounts.ts'

export interface ContactValues {
  name: string
  legalName: string
  taxId: string
  contactEmail: string
  billingEmail: string
  billingAddress: Record<'line1' | 'line2' | 'postalCode' | 'city' | 'region' | 'country', string>
}

export function contactValuesOf(account: Account): ContactValues {
  const { billingAddress: address } = account
  return {
    name: account.name,
    legalName: account.legalName ?? '',
    taxId: account.taxId ?? '',
    contactEmail: account.contactEmail ?? '',
    billingEmail: account.billingEmail ?? '',
    billingAddress: {
      line1: address?.line1 ?? '',
      line2: address?.line2 ?? '',
      postalCode: address?.postalCode ?? '',
      city: address?.city ?? '',
      region: address?.region ?? '',
      country: address?.country ?? '',
    },
  }
}

/** The fields as `account.update` takes them: what was emptied is null, an address without a word too. */
export function contactFieldsOf(values: Partial<ContactValues>) {
  const { name, billingAddress, ...texts } = values
  const fields = Object.entries(texts).map(
    ([field, value]) => [field, value.trim() === '' ? null : value.trim()] as const,
  )
  return {
    ...(Object.fromEntries(fields) as Partial<Record<keyof typeof texts, string | null>>),
    ...(name !== undefined && { name: name.trim() }),
    ...(billingAddress !== undefined && { billingAddress: addressOf(billingAddress) }),
  }
}

function addressOf(address: ContactValues['billingAddress']) {
  if (Object.values(address).every((line) => line.trim() === '')) return null
  const { line1, line2, postalCode, city, region, country } = address
  const rest = { ...(line2.trim() && { line2: line2.trim() }), ...(region.trim() && { region: region.trim() }) }
  return { line1: line1.trim(), city: city.trim(), postalCode: postalCode.trim(), country, ...rest }
}
