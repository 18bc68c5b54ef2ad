import { violationOf } from '@steward/db'
import { iso } from '../../core/clock.ts'
import type { AccountContext, MainTx } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import { verifiedPersonOf } from '../me/verified-person.service.ts'
import {
  deleteAdministrator,
  findAdministrator,
  insertAdministrator,
  listAdministratorsOf,
  toAdministrator,
} from './account.queries.ts'
import type {
  AddAdministratorInput,
  Administrator,
  ListAdministratorsInput,
  ListAdministratorsOutput,
  RemoveAdministratorInput,
} from './account.schema.ts'
import { requireAccount } from './account.service.ts'
import { staysInGoodHands } from './leaving.service.ts'

/** Who administers the account, in the order they came. */
export async function listAdministrators(
  ctx: AccountContext,
  input: ListAdministratorsInput,
): Promise<ListAdministratorsOutput> {
  const page = openPage(input, ['administrators', ctx.accountId])
  const found = await read(ctx, (db) => listAdministratorsOf(db, ctx.accountId, page))
  const { rows, meta } = closePage(found, page, (row) => [row.created_at, row.user_id])
  return { administrators: rows.map(toAdministrator), meta }
}

/**
 * Lets one more person administer an organization.
 * @throws ReferenceNotFound when nobody has that email for sure; AlreadyExists; ReferenceConstraint for individual accounts.
 */
export async function addAdministrator(ctx: AccountContext, input: AddAdministratorInput): Promise<Administrator> {
  const { accountId } = ctx
  const { email } = input
  const added = write(ctx, 'UNKNOWN', async (tx) => {
    const name = await requireOrganization(tx, accountId)
    const person = await verifiedPersonOf(tx, { email, accountId })
    if (!person) throw nobody(email)
    if (await findAdministrator.first(tx, { accountId, userId: person.id }))
      throw new ApiError('AlreadyExists', 'This person is already an administrator of the account.', {
        userId: person.id,
      })
    await insertAdministrator.run(tx, { accountId, userId: person.id, at: iso(ctx.app.clock.now()) })
    const row = await findAdministrator.first(tx, { accountId, userId: person.id })
    if (!row) throw nobody(email)
    return {
      answer: toAdministrator(row),
      changes: [{ type: 'account', id: accountId }],
      audit: { type: 'account', id: accountId, name, value: email, after: { administrator: person.id } },
    }
  })
  return added.catch((cause: unknown) => {
    // The person was deleted at the same moment.
    throw violationOf(cause) === 'foreign_key' ? nobody(email) : cause
  })
}

const nobody = (email: string): ApiError =>
  new ApiError(
    'ReferenceNotFound',
    'Nobody has signed up with this email and verified it. Invite them to a workspace of the account first.',
    { email },
  )

/**
 * Ends a person's administration of an organization, the caller's own included.
 * @throws ResourceNotFound; ReferenceConstraint for the last administrator, for the last one who has done anything as one,
 *   and for individual accounts.
 */
export async function removeAdministrator(
  ctx: AccountContext,
  { userId }: RemoveAdministratorInput,
): Promise<Record<string, never>> {
  const { accountId } = ctx
  return write(ctx, 'UNKNOWN', async (tx) => {
    const name = await requireOrganization(tx, accountId)
    const row = await findAdministrator.first(tx, { accountId, userId })
    if (!row) throw notFound('administrator', userId)
    if (!(await staysInGoodHands(tx, { accountId, userId, actorId: actingUser(ctx) })))
      throw new ApiError(
        'ReferenceConstraint',
        'An account needs at least one administrator who has accepted the role. Add another administrator first. They accept it by editing the account.',
        { accountId },
      )
    await deleteAdministrator.run(tx, { accountId, userId })
    return {
      answer: {},
      changes: [{ type: 'account', id: accountId }],
      audit: { type: 'account', id: accountId, name, value: row.email, before: { administrator: userId } },
    }
  })
}

/** The account's name. @throws ReferenceConstraint for an individual account. */
async function requireOrganization(tx: MainTx, accountId: string): Promise<string> {
  const account = await requireAccount(tx, accountId)
  if (account.kind === 'individual')
    throw new ApiError('ReferenceConstraint', 'An individual account can be administered only by its person.', {
      accountId,
    })
  return account.name
}
