import { anyoneExists, listOperators } from '../me/me.queries.ts'
import { fromJson, toJson } from '@steward/db'
import { timingSafeEqual } from 'node:crypto'
import { authorize, systemContext } from '../../core/access/access.ts'
import { day, iso } from '../../core/clock.ts'
import type { AnyoneContext, Db, Lane, MainTx } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import { deletePreference, findPreference, putPreference } from '../../core/preference/preference.ts'
import { read } from '../../core/write/read.ts'
import { isWellFormedToken, mintToken, sha256 } from '../../core/secrets.ts'
import type { Change } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import type { NewPerson } from './person.ts'
import { insertPerson, lanesOfPerson, orEmailTaken, planPerson } from './person.ts'
import { identify } from './credentials.service.ts'
import { refuseGuessable } from '../sign-in/guessable.ts'
import { deleteTokensNoted, insertToken, newToken } from '../me/token.service.ts'
import type { ClaimInput, ClaimOutput, SetupStatusOutput } from './setup.schema.ts'
import { ownerInput } from './setup.schema.ts'

/** It is printed, so it stands in a terminal or a log: it ends by itself, and at the claim unless it is kept. */
const firstTokenNote = 'First start'
const firstTokenLife = 7 * day

/** How long a printed set-up code is good; every start of an unclaimed installation prints one more. */
const codeLife = day
/** Of more codes the newest count: a server that starts again and again fills nothing. */
const mostCodes = 20

export const instance: Lane = { kind: 'instance', id: 'instance' }
const placeholder = { email: 'owner@steward.local', name: 'Owner' }

/** Whether somebody has made this installation their own, and how people get in. */
export async function status(ctx: AnyoneContext): Promise<SetupStatusOutput> {
  const owner = await read(ctx, unclaimedOwner)
  const { mailer, signIn } = ctx.app
  return { state: owner ? 'unclaimed' : 'claimed', mail: mailer !== null, providers: [...signIn.providers] }
}

async function unclaimedOwner(db: Db) {
  return (await listOperators(db)).find((row) => row.claimed === 0)
}

/**
 * Gives the placeholder owner an email, a name and a password, and ends the first token unless it is to be kept. One
 * use of the printed code.
 * @throws Forbidden when the installation is claimed or the code is wrong or too old; AlreadyExists when the email is
 *   taken.
 */
export async function claim(ctx: AnyoneContext, input: ClaimInput): Promise<ClaimOutput> {
  const owner = await read(ctx, unclaimedOwner)
  if (!owner) throw claimed()
  await read(ctx, (db) => requireCode(db, input.code, iso(ctx.app.clock.now())))
  return takeOver(ctx, { ...input, ownerId: owner.id }, async (tx) => {
    await requireCode(tx, input.code, iso(ctx.app.clock.now()))
  })
}

interface TakeOver {
  ownerId: string
  email: string
  name: string
  password: string
  keepFirstToken: boolean
}

/** `check` runs inside the write, after the owner is known to be still unclaimed. */
async function takeOver(
  ctx: AnyoneContext,
  { ownerId, email, name, password, keepFirstToken }: TakeOver,
  check: (tx: MainTx) => Promise<void>,
): Promise<{ userId: string }> {
  refuseGuessable(password, [email, name])
  const hash = await ctx.app.signIn.hashPassword(password)
  const methodId = ctx.app.ids.uuid()
  const lanes: Lane[] = [{ kind: 'user', id: ownerId }, instance]
  return orEmailTaken(() =>
    write(ctx, { action: 'UNKNOWN', lanes }, async (tx) => {
      if ((await unclaimedOwner(tx))?.id !== ownerId) throw claimed()
      await check(tx)
      await deletePreference.run(tx, codePlace)
      await identify(tx, { userId: ownerId, email, name, hash, methodId, now: iso(ctx.app.clock.now()) })
      const ended = keepFirstToken ? [] : await deleteTokensNoted(tx, ownerId, firstTokenNote)
      return {
        answer: { userId: ownerId },
        changes: [{ type: 'user', id: ownerId }, ...ended.map((id): Change => ({ type: 'token', id, deleted: true }))],
        audit: {
          type: 'user',
          id: ownerId,
          name,
          after: { email, claimed: true, firstTokenRevoked: ended.length > 0 },
        },
      }
    }),
  )
}

function claimed(): ApiError {
  return new ApiError('Forbidden', 'This installation already has an owner. Sign in instead.')
}

const codePlace = { owner_kind: 'instance', owner_id: 'instance', key: 'setup.codes' } as const

/** Of each server that has started, the newest first. */
interface StoredCode {
  /** SHA-256 of the code, hex. */
  hash: string
  expiresAt: string
}

/** @throws Forbidden */
async function requireCode(db: Db, code: string, now: string): Promise<void> {
  const given = Buffer.from(sha256(code))
  const isOne = (await liveCodes(db, now)).some(({ hash }) => timingSafeEqual(given, Buffer.from(hash)))
  if (!isOne || !code.startsWith('stw_set_') || !isWellFormedToken(code))
    throw new ApiError(
      'Forbidden',
      'This setup code is not valid: it is wrong, already used or older than a day. Restart the server to get a new one.',
    )
}

async function liveCodes(db: Db, now: string): Promise<StoredCode[]> {
  const row = await findPreference.first(db, codePlace)
  return row ? fromJson<StoredCode[]>(row.value).filter(({ expiresAt }) => expiresAt > now) : []
}

/** Those before stay good: another server on this database has printed them. */
async function storeCode(tx: MainTx, code: string, now: number): Promise<void> {
  const stored: StoredCode = { hash: sha256(code), expiresAt: iso(now + codeLife) }
  const codes = [stored, ...(await liveCodes(tx, iso(now)))].slice(0, mostCodes)
  await putPreference.run(tx, { ...codePlace, value: toJson(codes), updated_at: iso(now) })
}

export interface FirstRun {
  /** A personal access token of the owner: only at the very first start. */
  token: string | null
  /** A set-up code: at every start until the installation is claimed by one of them. */
  setupCode: string | null
}

/** The context of set-up work that no request stands behind. */
export function setupContext(app: AppContext): Promise<AnyoneContext> {
  const request = { id: app.ids.make('request'), ip: null, userAgent: null, idempotencyKey: null }
  return authorize(systemContext(app, 'setup', request), 'setup.claim', {})
}

/**
 * To be called once at the start of a server process, after migrating. On an empty installation it makes the
 * placeholder owner with an account and a workspace, a token and a set-up code; both values are given here and nowhere
 * else, to be printed once. On an unclaimed one it makes one more code; those before stay good for their day.
 */
export async function prepareFirstRun(app: AppContext): Promise<FirstRun> {
  const ctx = await setupContext(app)
  const state = await read(ctx, async (db) => ({
    empty: !(await anyoneExists(db)),
    owner: await unclaimedOwner(db),
  }))
  if (state.empty) return makeOwner(ctx)
  return state.owner ? addCode(ctx, state.owner.id) : nothing
}

const nothing: FirstRun = { token: null, setupCode: null }

async function makeOwner(ctx: AnyoneContext): Promise<FirstRun> {
  const { app } = ctx
  const person: NewPerson = {
    ...placeholder,
    method: null,
    operator: true,
    claimed: false,
    workspaceName: 'My workspace',
  }
  const plan = planPerson(app, person)
  const code = mintToken(app.ids, 'stw_set_')
  const token = firstToken(app, plan.userId)
  return write(ctx, { action: 'CREATE_WORKSPACE', lanes: [...lanesOfPerson(plan), instance] }, async (tx) => {
    const audit = { type: 'user', id: plan.userId, name: plan.name, after: { claimed: false } } as const
    // Another process on the same database was faster: it prints the token.
    if (await anyoneExists(tx)) throw new ApiError('ResourceLockedConflict', 'Another process has set this up.')
    const made = await insertPerson(ctx.app, tx, plan)
    await insertToken(tx, token.row)
    await storeCode(tx, code, app.clock.now())
    const changes: Change[] = [...made.changes, { type: 'token', id: token.row.id }]
    return { ...made, changes, audit, answer: { token: token.value, setupCode: code } }
  }).catch((cause: unknown) => {
    if (cause instanceof ApiError && cause.type === 'ResourceLockedConflict') return prepareFirstRun(app)
    throw cause
  })
}

function firstToken(app: AppContext, userId: string): ReturnType<typeof newToken> {
  const { row, value } = newToken(app, userId, firstTokenNote)
  return { row: { ...row, expires_at: iso(app.clock.now() + firstTokenLife) }, value }
}

async function addCode(ctx: AnyoneContext, ownerId: string): Promise<FirstRun> {
  const code = mintToken(ctx.app.ids, 'stw_set_')
  return write(ctx, { action: 'UNKNOWN', lanes: [instance] }, async (tx) => {
    const owner = await unclaimedOwner(tx)
    if (owner) await storeCode(tx, code, ctx.app.clock.now())
    return {
      answer: { token: null, setupCode: owner ? code : null },
      changes: [],
      audit: { type: 'user', id: ownerId, value: 'New set-up code' },
    }
  })
}

export interface OwnerMade {
  userId: string
  outcome: 'claimed' | 'created'
}

/**
 * Makes the owner from the command line, where whoever may run it owns the machine: claims an unclaimed installation,
 * or makes the first owner of an empty one. Where there is an owner it changes nothing.
 * @throws AlreadyExists when there is an owner, or the email belongs to somebody else; InvalidPayload for an email or
 *   password that will not do (12 to 128 characters).
 */
export async function createOwner(
  app: AppContext,
  input: { email: string; name?: string; password: string; keepFirstToken?: boolean },
): Promise<OwnerMade> {
  const parsed = ownerInput.safeParse(input)
  if (!parsed.success) throw refused(parsed.error.issues)
  const { email, password, keepFirstToken } = parsed.data
  const name = parsed.data.name ?? (email.split('@')[0] || email)
  const ctx = await setupContext(app)
  const operators = await read(ctx, listOperators)
  const open = operators.find((row) => row.claimed === 0)
  if (open) {
    const taken = await takeOver(ctx, { ownerId: open.id, email, name, password, keepFirstToken }, async () => {})
    return { ...taken, outcome: 'claimed' }
  }
  refuseSecondOwner(operators)
  refuseGuessable(password, [email, name])
  const hash = await app.signIn.hashPassword(password)
  const plan = planPerson(app, { email, name, method: { kind: 'password', hash }, operator: true })
  return orEmailTaken(() =>
    write(ctx, { action: 'CREATE_WORKSPACE', lanes: [...lanesOfPerson(plan), instance] }, async (tx) => {
      refuseSecondOwner(await listOperators(tx))
      return {
        ...(await insertPerson(ctx.app, tx, plan)),
        audit: { type: 'user', id: plan.userId, name, after: { email } },
        answer: { userId: plan.userId, outcome: 'created' },
      }
    }),
  )
}

/** A script that runs twice must not put back a password that was changed since. */
function refuseSecondOwner([owner]: readonly { email: string }[]): void {
  if (owner)
    throw new ApiError(
      'AlreadyExists',
      `This installation has an owner, ${owner.email}. Nothing was changed. If they cannot sign in, create a recovery link: steward person reset ${owner.email}`,
    )
}

function refused(issues: readonly { path: PropertyKey[]; message: string }[]): ApiError {
  const words = issues.map(({ path, message }) => `"${path.map(String).join('.')}": ${message}`)
  return new ApiError('InvalidPayload', words.join('; '))
}
