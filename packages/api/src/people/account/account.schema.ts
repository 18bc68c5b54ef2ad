import { z } from 'zod'
import { emailAddress } from '../../core/email.schema.ts'
import { isoDateTime, noResult, pageFields, pageMeta, resourceId, text } from '../../core/shapes.schema.ts'
import { ownedWorkspace } from '../workspace/workspace.schema.ts'

/** ISO 3166-1 alpha-2, officially assigned codes. */
const countries: ReadonlySet<string> = new Set(
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
  CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
  GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH
  KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
  MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
  SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY
  UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`.split(/\s+/),
)

const line = text.min(1).max(200)
const email = z.email().max(254)

/** `country` is an ISO 3166-1 alpha-2 code in capitals, such as `CH`. */
export const billingAddress = z.object({
  line1: line,
  line2: line.optional(),
  city: line,
  region: line.optional(),
  postalCode: text.min(1).max(20),
  country: z
    .string()
    .length(2)
    .refine((code) => countries.has(code), 'must be a two-letter country code in capitals (ISO 3166-1), such as CH'),
})
export type BillingAddress = z.infer<typeof billingAddress>

export const customerKind = z.enum(['organization', 'individual'])
export type CustomerKind = z.infer<typeof customerKind>

/**
 * An account: the customer, which owns workspaces and pays. (The contract calls a person "account", hence the name
 * here.) Null is what nobody has filled in.
 */
export const customer = z.object({
  id: z.string(),
  kind: customerKind,
  name: z.string(),
  legalName: z.string().nullable(),
  taxId: z.string().nullable(),
  contactEmail: z.string().meta({ format: 'email' }).nullable(),
  billingEmail: z.string().meta({ format: 'email' }).nullable(),
  billingAddress: billingAddress.nullable(),
  createdAt: isoDateTime,
  updatedAt: isoDateTime,
})
export type Customer = z.infer<typeof customer>

const name = text.min(1).max(100)
const contacts = {
  legalName: line.nullable().optional(),
  taxId: text.min(1).max(50).nullable().optional(),
  contactEmail: email.nullable().optional(),
  billingEmail: email.nullable().optional(),
  billingAddress: billingAddress.nullable().optional(),
}

export const listCustomersInput = z.object(pageFields)
export type ListCustomersInput = z.infer<typeof listCustomersInput>
export const listCustomersOutput = z.object({ accounts: z.array(customer), meta: pageMeta })
export type ListCustomersOutput = z.infer<typeof listCustomersOutput>

/** Always an organization: every person has one individual account from the start. */
export const createCustomerInput = z.object({ name, ...contacts, workspaceName: text.min(1).max(64) })
export type CreateCustomerInput = z.infer<typeof createCustomerInput>
export const createCustomerOutput = z.object({ account: customer, workspace: ownedWorkspace })
export type CreateCustomerOutput = z.infer<typeof createCustomerOutput>

/** The one input of procedures that are about a whole account. */
export const customerInput = z.object({ accountId: resourceId })
export const getCustomerOutput = customer

/** Absent fields stay as they are; null empties one; the address is replaced whole. */
export const updateCustomerInput = z.object({ accountId: resourceId, name: name.optional(), ...contacts })
export type UpdateCustomerInput = z.infer<typeof updateCustomerInput>
export const updateCustomerOutput = customer

export const deleteCustomerOutput = noResult

export const listCustomerWorkspacesInput = z.object({ accountId: resourceId, ...pageFields })
export type ListCustomerWorkspacesInput = z.infer<typeof listCustomerWorkspacesInput>
export const listCustomerWorkspacesOutput = z.object({ workspaces: z.array(ownedWorkspace), meta: pageMeta })
export type ListCustomerWorkspacesOutput = z.infer<typeof listCustomerWorkspacesOutput>

// Administrators

export const administrator = z.object({
  userId: z.string().meta({ format: 'uuid' }),
  email: z.string().meta({ format: 'email' }),
  displayName: z.string(),
  createdAt: isoDateTime,
})
export type Administrator = z.infer<typeof administrator>

export const listAdministratorsInput = z.object({ accountId: resourceId, ...pageFields })
export type ListAdministratorsInput = z.infer<typeof listAdministratorsInput>
export const listAdministratorsOutput = z.object({ administrators: z.array(administrator), meta: pageMeta })
export type ListAdministratorsOutput = z.infer<typeof listAdministratorsOutput>

export const addAdministratorInput = z.object({ accountId: resourceId, email: emailAddress })
export type AddAdministratorInput = z.infer<typeof addAdministratorInput>
export const addAdministratorOutput = administrator

export const removeAdministratorInput = z.object({ accountId: resourceId, userId: resourceId })
export type RemoveAdministratorInput = z.infer<typeof removeAdministratorInput>
export const removeAdministratorOutput = noResult
