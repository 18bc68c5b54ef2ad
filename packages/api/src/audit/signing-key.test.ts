import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import type { House } from '../core/house.ts'
import { storesOf } from '../core/house.ts'
import { acceptKey } from '../setup/new-key.service.ts'
import { checkpointLane } from './checkpoint.service.ts'
import { auditScene, withKey } from './scene.testing.ts'
import { knownKeys, takeSigningKey, WrongKey } from './signing-key.service.ts'
import { verifyAll } from './verify.service.ts'
import { verifyLines } from './verify-export.ts'

const problemsOf = async (house: House) => (await verifyAll(house)).problems

eachDialect('the key of the installation', (open) => {
  it('is the first one; another is refused, at every start', async () => {
    const { house } = await auditScene(await open())
    await takeSigningKey(house)
    for (let start = 0; start < 2; start++) {
      await expect(takeSigningKey(withKey(house, 9))).rejects.toThrow(WrongKey)
      await expect(takeSigningKey(house)).resolves.toBeUndefined()
    }
  })

  it('is that of one process when two start at once with different ones', async () => {
    const { house } = await auditScene(await open())
    const starts = await Promise.allSettled([9, 8, 7].map((digit) => takeSigningKey(withKey(house, digit))))
    expect(starts.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
  })

  it('may be replaced again and again; what former keys signed still counts, here and in an export', async () => {
    const s = await auditScene(await open())
    await takeSigningKey(s.house)
    expect(await acceptKey(s.house)).toBeNull()
    const houses = [s.house, withKey(s.house, 9), withKey(s.house, 8)]
    for (const [index, house] of houses.entries()) {
      if (index > 0)
        expect(await acceptKey(house)).toEqual({
          keyId: house.keys.keyId,
          formerKeyId: houses[index - 1]?.keys.keyId,
          secondFactorsRemoved: 0,
        })
      await s.grow(2)
      await checkpointLane(house, s.workspaceId)
      await takeSigningKey(house)
      expect(await problemsOf(house)).toEqual([])
    }
    await expect(takeSigningKey(s.house)).rejects.toThrow(WrongKey)
    const newest = withKey(s.house, 8)
    expect([...(await knownKeys(newest)).keys()]).toEqual(houses.toReversed().map((house) => house.keys.keyId))
    const lane = storesOf(s.house).main.reader.selectFrom('lane').select('audit_seq').where('id', '=', 'instance')
    expect(await lane.executeTakeFirst()).toEqual({ audit_seq: 2 })

    const { checkpoints } = await s.call(s.owner.actor, {}).audit.listCheckpoints({ id: s.workspaceId })
    // The scene's own house has the oldest key, which vouches for none of the others.
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

  it('vouches for no key that somebody wrote into the table', async () => {
    const s = await auditScene(await open())
    await takeSigningKey(s.house)
    const forger = withKey(s.house, 9)
    await storesOf(s.house).main.write(async (tx) => {
      const { publicKey } = forger.keys
      const text = `0\n${publicKey}\n`
      const row = { number: 0, public_key: publicKey, since: '', signature: forger.keys.sign(text) }
      await tx.insertInto('signing_key').values(row).execute()
    })
    await s.grow(1)
    await checkpointLane(forger, s.workspaceId)
    expect([...(await knownKeys(s.house)).keys()]).toEqual([s.house.keys.keyId])
    expect(await problemsOf(s.house)).toMatchObject([{ finding: { kind: 'checkpoint' } }])
  })
})
