import { mainSchema, type SigningKeyTable, type Stores } from '@steward/db'
import { iso } from '../core/clock.ts'
import type { Db, MainTx } from '../core/context.ts'
import type { AppContext } from '../core/app-context.ts'
import { storesOf } from '../core/app-context.ts'
import { keyIdOf, publicKeyOf, sha256, signatureMatches } from '../core/secrets.ts'
import { insertSigningKey, lastSigner, listSigningKeys } from './signing-key.queries.ts'

/** The secret that was given is not the one this database was used with. */
export class WrongKey extends Error {
  override readonly name = 'WrongKey'
  constructor() {
    super('The secret key does not match this database.')
  }
}

/** Whether the database was used with this secret; null while it was used with none. It may lack its newest tables. */
export async function isSecretOf(stores: Stores, secret: Uint8Array): Promise<boolean | null> {
  const { applied } = await mainSchema(stores)
  if (applied.length === 0) return null
  const known = await idInUse(stores.main.reader, applied.includes('0002_audit'))
  return known === null ? null : known === keyIdOf(publicKeyOf(secret))
}

/** The id of the key that the database was used with. One of before this table tells it by its checkpoints. */
async function idInUse(db: Db, hasKeys = true): Promise<string | null> {
  const [newest] = hasKeys ? await listSigningKeys(db) : []
  return newest ? keyIdOf(newest.public_key) : lastSigner(db)
}

/**
 * To be called at the start of a process, before anything is sealed or signed: the first key becomes the
 * installation's, and any other one is refused from then on.
 * @throws WrongKey
 */
export async function takeSigningKey(app: AppContext): Promise<void> {
  const { main } = storesOf(app)
  const known = await idInUse(main.reader)
  if (known !== null && known !== app.keys.keyId) throw new WrongKey()
  // Of two first starts with different keys only one inserts; the other one reads that it came second.
  if ((await listSigningKeys(main.reader)).length === 0)
    await main.write((tx) => insertSigningKey(tx, entry(app, null)))
  const [newest] = await listSigningKeys(main.reader)
  if (newest?.public_key !== app.keys.publicKey) throw new WrongKey()
}

/** Makes the key the installation's. @returns the id of the key before; null when nothing changes. */
export async function replaceSigningKey(tx: MainTx, next: Pick<AppContext, 'keys' | 'clock'>): Promise<string | null> {
  const known = await idInUse(tx)
  if (known === null || known === next.keys.keyId) return null
  const [newest] = await listSigningKeys(tx)
  await insertSigningKey(tx, entry(next, newest ?? null))
  return known
}

type Signed = Pick<SigningKeyTable, 'number' | 'public_key'>

function entry({ keys, clock }: Pick<AppContext, 'keys' | 'clock'>, former: Signed | null): SigningKeyTable {
  const signed = { number: (former?.number ?? 0) + 1, public_key: keys.publicKey }
  return { ...signed, since: iso(clock.now()), signature: keys.sign(signedText(signed, former)) }
}

function isSigned(row: SigningKeyTable, former: Signed | null): boolean {
  return signatureMatches(signedText(row, former), row.signature, row.public_key)
}

/** One line, as no text of a checkpoint is: else the key could be made to sign a successor as a checkpoint. */
function signedText({ number, public_key }: Signed, former: Signed | null): string {
  return `signing key ${sha256(JSON.stringify([number, public_key, former?.public_key ?? null]))}`
}

/**
 * Every key whose checkpoints count: public keys (SPKI PEM) by their ids. The key of this app vouches for the one
 * before it, and that one for its own predecessor: what somebody else wrote into the table is not among them.
 */
export async function knownKeys(app: AppContext): Promise<Map<string, string>> {
  const rows = await listSigningKeys(storesOf(app).main.reader)
  const known = new Map<string, string>()
  let vouched: string | undefined = app.keys.publicKey
  for (let i = 0; vouched !== undefined; i += 1) {
    known.set(keyIdOf(vouched), vouched)
    const [row, former] = [rows[i], rows[i + 1] ?? null]
    vouched = row?.public_key === vouched && isSigned(row, former) ? former?.public_key : undefined
  }
  return known
}
