import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import type { AppContext } from '../core/app-context.ts'
import { storesOf } from '../core/app-context.ts'
import { sha256 } from '../core/secrets.ts'
import { callerFor } from '../core/app.testing.ts'
import { acceptKey } from '../people/lifecycle/new-key.service.ts'
import { checkpointLane } from './checkpoint.service.ts'
import { auditApp, auditFixture, hashOf, withKey } from './fixture.testing.ts'
import { isSecretOf, knownKeys, takeSigningKey, WrongKey } from './signing-key.service.ts'
import { verifyAll } from './verify.service.ts'
import { verifyLines } from './verify-export.ts'

const problemsOf = async (app: AppContext) => (await verifyAll(app)).problems

eachDialect('the key of the installation', (open) => {
  it('is the first one; another is refused, at every start', async () => {
    const { app } = await auditFixture(await open())
    await takeSigningKey(app)
    for (let start = 0; start < 2; start++) {
      await expect(takeSigningKey(withKey(app, 9))).rejects.toThrow(WrongKey)
      await expect(takeSigningKey(app)).resolves.toBeUndefined()
    }
  })

  it('is told by its checkpoints in a database of before there was a place for it', async () => {
    const stores = await open()
    const s = await auditFixture(stores)
    await s.grow(1)
    expect(await isSecretOf(stores, new Uint8Array(32).fill(9))).toBeNull()
    await checkpointLane(withKey(s.app, 9), s.workspaceId)
    expect(await isSecretOf(stores, new Uint8Array(32).fill(9))).toBe(true)
    expect(await isSecretOf(stores, new Uint8Array(32).fill(8))).toBe(false)
    await expect(takeSigningKey(withKey(s.app, 8))).rejects.toThrow(WrongKey)
    const former = withKey(s.app, 9).keys.keyId
    expect(await acceptKey(withKey(s.app, 8))).toMatchObject({ formerKeyId: former })
    await expect(takeSigningKey(withKey(s.app, 9))).rejects.toThrow(WrongKey)
  })

  it('is that of one process when two start at once with different ones', async () => {
    const { app } = await auditFixture(await open())
    const starts = await Promise.allSettled([9, 8, 7].map((digit) => takeSigningKey(withKey(app, digit))))
    expect(starts.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
  })

  it('may be replaced again and again; what former keys signed still counts, here and in an export', async () => {
    const s = await auditFixture(await open())
    await takeSigningKey(s.app)
    expect(await acceptKey(s.app)).toBeNull()
    const apps = [s.app, withKey(s.app, 9), withKey(s.app, 8)]
    for (const [index, app] of apps.entries()) {
      if (index > 0)
        expect(await acceptKey(app)).toEqual({
          keyId: app.keys.keyId,
          formerKeyId: apps[index - 1]?.keys.keyId,
          secondFactorsRemoved: 0,
          sessionsEnded: 0,
        })
      await s.grow(2, 'name', app)
      await checkpointLane(app, s.workspaceId)
      await takeSigningKey(app)
      expect(await problemsOf(app)).toEqual([])
    }
    await expect(takeSigningKey(s.app)).rejects.toThrow(WrongKey)
    const newest = withKey(s.app, 8)
    expect([...(await knownKeys(newest)).keys()]).toEqual(apps.toReversed().map((app) => app.keys.keyId))
    const lane = storesOf(s.app).main.reader.selectFrom('lane').select('audit_seq').where('id', '=', 'instance')
    expect(await lane.executeTakeFirst()).toEqual({ audit_seq: 2 })

    const { checkpoints } = await s.call(s.owner.actor, {}).audit.listCheckpoints({ id: s.workspaceId })
    // The fixture's own app has the oldest key, which vouches for none of the others.
    expect(checkpoints.map((one) => one.publicKey !== undefined)).toEqual([false, false, true])
    const text = await s.exported('jsonl')
    const keys = await knownKeys(newest)
    const carrying = checkpoints.map((one) => ({ ...one, publicKey: keys.get(one.keyId) }))
    const report = await verifyLines(text.split('\n'), carrying)
    expect(report).toMatchObject({ ok: true, checkpoints: 3, keyIds: [...keys.keys()] })
    const pinned = await verifyLines(text.split('\n'), carrying, [...keys.values()].join(''))
    expect(pinned).toMatchObject({ ok: true, checkpoints: 3 })
    const onlyOne = await verifyLines(text.split('\n'), carrying, newest.keys.publicKey)
    expect(onlyOne.finding).toMatchObject({ kind: 'checkpoint' })
  })

  it('does not do a call again whose answer was stored under the former one', async () => {
    const s = await auditFixture(await open())
    const invite = (app: AppContext) =>
      callerFor(auditApp, app)(s.owner.actor, { idempotencyKey: 'k' }).member.invite({
        workspaceId: s.workspaceId,
        email: 'new@example.com',
        role: 'viewer',
      })
    expect(await invite(s.app)).toEqual(await invite(s.app))
    await expect(invite(withKey(s.app, 9))).rejects.toMatchObject({ type: 'AlreadyExists' })
  })

  it('vouches for no key that somebody wrote into the table', async () => {
    const s = await auditFixture(await open())
    await takeSigningKey(s.app)
    const forger = withKey(s.app, 9)
    await storesOf(s.app).main.write(async (tx) => {
      const { publicKey } = forger.keys
      const text = `signing key ${sha256(JSON.stringify([0, publicKey, null]))}`
      const row = { number: 0, public_key: publicKey, since: '', signature: forger.keys.sign(text) }
      await tx.insertInto('signing_key').values(row).execute()
    })
    await s.grow(1)
    await checkpointLane(forger, s.workspaceId)
    expect([...(await knownKeys(s.app)).keys()]).toEqual([s.app.keys.keyId])
    expect(await problemsOf(s.app)).toMatchObject([{ finding: { kind: 'checkpoint' } }])
  })

  it('cannot be made to sign a successor as if it were a checkpoint', async () => {
    const s = await auditFixture(await open())
    await takeSigningKey(s.app)
    const { main } = storesOf(s.app)
    const [ours] = await main.reader.selectFrom('signing_key').select('public_key').execute()
    const stranger = withKey(s.app, 9).keys.publicKey
    await s.grow(1)
    // The lane that an attacker would make up: its checkpoint's text begins as the text of a successor may.
    const laneId = `2\n${ours?.public_key}\n${stranger}`
    const [record] = await main.reader
      .selectFrom('audit_record')
      .selectAll()
      .where('lane_id', '=', s.workspaceId)
      .execute()
    const forged = { ...(record as NonNullable<typeof record>), id: 'audit_forged', lane_id: laneId }
    const head = hashOf(forged)
    await main.write(async (tx) => {
      const lane = { id: laneId, kind: 'user', version: 1, audit_seq: 1, audit_head: head } as const
      await tx.insertInto('lane').values(lane).execute()
      await tx
        .insertInto('audit_record')
        .values({ ...forged, hash: head })
        .execute()
    })
    const signed = await checkpointLane(s.app, laneId)
    const fake = `${stranger}\n1\n${head}\n${signed?.at}`
    await main.write(async (tx) => {
      await tx.deleteFrom('signing_key').execute()
      const rows = [
        { number: 1, public_key: fake, since: '', signature: '' },
        { number: 2, public_key: ours?.public_key ?? '', since: '', signature: signed?.signature ?? '' },
      ]
      await tx.insertInto('signing_key').values(rows).execute()
    })
    expect([...(await knownKeys(s.app)).keys()]).toEqual([s.app.keys.keyId])
  })
})
