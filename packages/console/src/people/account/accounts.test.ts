import { account as shapes } from '@steward/api/schema'
import { describe, expect, it } from 'vitest'
import { contactFieldsOf, contactValuesOf } from './contact-values.ts'
import { countries } from './countries.ts'

const account = {
  id: 'accnt_1',
  kind: 'organization' as const,
  name: 'Northwind',
  legalName: 'Northwind AG',
  taxId: null,
  contactEmail: null,
  billingEmail: null,
  billingAddress: { line1: 'Seestrasse 1', city: 'Zürich', postalCode: '8002', country: 'CH' },
  createdAt: '2026-11-23T12:00:00.000Z',
  updatedAt: '2026-11-23T12:00:00.000Z',
}

describe('contact data of an account', () => {
  it('survives the way through the form', () => {
    const fields = contactFieldsOf(contactValuesOf(account))
    expect(fields).toEqual({
      name: 'Northwind',
      legalName: 'Northwind AG',
      taxId: null,
      contactEmail: null,
      billingEmail: null,
      billingAddress: account.billingAddress,
    })
    expect(shapes.updateCustomerInput.safeParse({ accountId: account.id, ...fields }).success).toBe(true)
  })
  it('takes an address away when every line of it is empty', () => {
    const values = contactValuesOf({ ...account, billingAddress: null })
    expect(contactFieldsOf({ billingAddress: values.billingAddress })).toEqual({ billingAddress: null })
  })
  it('keeps half an address, so that the form says what is missing', () => {
    const { billingAddress } = contactFieldsOf({
      billingAddress: { ...contactValuesOf(account).billingAddress, city: ' ' },
    })
    const parsed = shapes.updateCustomerInput.safeParse({ accountId: account.id, billingAddress })
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual(['billingAddress.city'])
  })
})

describe('countries', () => {
  it('are all that the server takes, by name', () => {
    const all = countries()
    expect(all).toHaveLength(249)
    expect(all).toContainEqual({ value: 'CH', label: 'Switzerland' })
    expect(all[0]).toEqual({ value: 'AF', label: 'Afghanistan' })
  })
})
