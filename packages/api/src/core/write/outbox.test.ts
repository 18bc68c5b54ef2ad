import { setImmediate as turn } from 'node:timers/promises'
import { eachDialect } from '@steward/db/testing'
import { describe, expect, it } from 'vitest'
import { authorize } from '../access/access.ts'
import { hour, iso, minute, second } from '../clock.ts'
import { storesOf } from '../app-context.ts'
import type { Delivery, Handler, Handlers, Timer } from './outbox.ts'
import { backoff, startOutbox } from './outbox.ts'
import { createEvents } from './events.ts'
import { seedPerson, seedWorkspace, testApp, testRequest } from '../app.testing.ts'
import { write } from './write.ts'

/** A timer that fires only when told to. */
function handTimer() {
  const waiting = new Set<{ milliseconds: number; fn: () => void }>()
  const timer: Timer = {
    after(milliseconds, fn) {
      const one = { milliseconds, fn }
      waiting.add(one)
      return () => void waiting.delete(one)
    },
  }
  const fire = (): void => {
    for (const one of waiting) {
      waiting.delete(one)
      one.fn()
    }
  }
  return { timer, fire, delays: () => [...waiting].map((one) => one.milliseconds) }
}

const collecting = (handler: Handler): Handlers => ({ 'blob.collect': handler })

eachDialect('outbox', (open) => {
  async function fixture() {
    const { app, clock } = testApp(await open())
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner)
    const ctx = await authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.update', {
      workspaceId,
    })
    const put = (...payloads: unknown[]) =>
      write({ ...ctx }, 'UPDATE_WORKSPACE', async () => ({
        answer: {},
        changes: [],
        audit: { type: 'workspace', id: workspaceId },
        outbox: payloads.map((payload) => ({ topic: 'blob.collect', payload: payload as never })),
      }))
    const { main } = storesOf(app)
    const rows = () => main.reader.selectFrom('outbox').selectAll().orderBy('id').execute()
    return { app, clock, workspaceId, put, main, rows }
  }

  it('delivers in order, deletes, and leaves nothing', async () => {
    const s = await fixture()
    await s.put(1, 2)
    await s.put({ three: 3 })
    const got: Delivery[] = []
    const outbox = startOutbox(
      s.app,
      collecting(async (one) => void got.push(one)),
      handTimer().timer,
    )
    await outbox.wake()
    expect(got.map((one) => one.payload)).toEqual([1, 2, { three: 3 }])
    expect(got[0]).toMatchObject({ laneId: s.workspaceId, attempt: 1 })
    expect(await s.rows()).toEqual([])
    await outbox.stop()
  })

  it('puts a failed message off, longer each time, and goes on with the others', async () => {
    const s = await fixture()
    await s.put('bad', 'good')
    const got: unknown[] = []
    let broken = true
    const handler: Handler = async ({ payload }) => {
      if (payload === 'bad' && broken) throw new Error('not today')
      got.push(payload)
    }
    const outbox = startOutbox(s.app, collecting(handler), handTimer().timer)
    for (const wait of [second, 2 * second, 4 * second]) {
      await outbox.wake()
      const [row] = await s.rows()
      expect(Date.parse(row?.run_after ?? '') - s.clock.now()).toBe(wait)
      expect(row?.last_error).toBe('Error: not today')
      s.clock.advance(wait - 1)
      await outbox.wake()
      expect((await s.rows())[0]?.attempts).toBe(row?.attempts)
      s.clock.advance(1)
    }
    broken = false
    await outbox.wake()
    expect(got).toEqual(['good', 'bad'])
    expect(await s.rows()).toEqual([])
    await outbox.stop()
  })

  it('asks again later without counting a failure', async () => {
    const s = await fixture()
    await s.put('patience')
    let calls = 0
    const handler: Handler = async () => {
      calls += 1
      return calls === 1 ? { again: hour } : undefined
    }
    const outbox = startOutbox(s.app, collecting(handler), handTimer().timer)
    await outbox.wake()
    expect(await s.rows()).toMatchObject([{ attempts: 0, last_error: null }])
    s.clock.advance(hour)
    await outbox.wake()
    expect([calls, await s.rows()]).toEqual([2, []])
    await outbox.stop()
  })

  it('keeps a message of an unknown topic and says why', async () => {
    const s = await fixture()
    await s.put('x')
    await s.main.write((tx) => tx.updateTable('outbox').set({ topic: 'old.topic' }).execute())
    const outbox = startOutbox(
      s.app,
      collecting(async () => {}),
      handTimer().timer,
    )
    await outbox.wake()
    expect(await s.rows()).toMatchObject([{ attempts: 1, last_error: 'Error: Nothing handles the topic old.topic.' }])
    await outbox.stop()
  })

  it('delivers each message once when several dispatchers race', async () => {
    const s = await fixture()
    const payloads = Array.from({ length: 50 }, (_, i) => i)
    await s.put(...payloads)
    const got: unknown[] = []
    const racers = Array.from({ length: 4 }, () =>
      startOutbox(
        s.app,
        collecting(async (one) => void got.push(one.payload)),
        handTimer().timer,
      ),
    )
    await Promise.all(racers.map((one) => one.wake()))
    expect(got.toSorted((a, b) => Number(a) - Number(b))).toEqual(payloads)
    for (const one of racers) await one.stop()
  })

  it('delivers again what a dead process had taken', async () => {
    const s = await fixture()
    await s.put('taken')
    const dead = startOutbox(
      s.app,
      collecting(() => new Promise(() => {})),
      handTimer().timer,
    )
    void dead.wake()
    while ((await s.rows())[0]?.attempts !== 1) await turn()
    const got: Delivery[] = []
    const outbox = startOutbox(
      s.app,
      collecting(async (one) => void got.push(one)),
      handTimer().timer,
    )
    await outbox.wake()
    expect(got).toEqual([])
    s.clock.advance(5 * minute)
    await outbox.wake()
    expect(got).toMatchObject([{ payload: 'taken', attempt: 2 }])
    await outbox.stop()
  })

  it('looks soon after a commit, and every ten seconds otherwise', async () => {
    const s = await fixture()
    const hand = handTimer()
    const got: unknown[] = []
    const outbox = startOutbox(
      s.app,
      collecting(async (one) => void got.push(one.payload)),
      hand.timer,
    )
    await outbox.wake()
    hand.fire()
    await outbox.wake()
    expect(hand.delays()).toEqual([10 * second])
    await s.put('new')
    expect(hand.delays()).toEqual([20])
    hand.fire()
    await outbox.wake()
    expect(got).toEqual(['new'])
    await outbox.stop()
    expect(hand.delays()).toEqual([])
    await s.put('after the end')
    expect(hand.delays()).toEqual([])
    expect(await s.rows()).toHaveLength(1)
  })

  it('wakes when the next message is due: one that failed, and one of another process', async () => {
    const s = await fixture()
    const hand = handTimer()
    await s.put('later')
    let calls = 0
    const handler: Handler = async () => {
      calls += 1
      if (calls === 1) throw new Error('not today')
    }
    const outbox = startOutbox(s.app, collecting(handler), hand.timer)
    hand.fire()
    await outbox.wake()
    expect(hand.delays()).toEqual([second])
    s.clock.advance(300)
    hand.fire()
    await outbox.wake()
    expect(hand.delays()).toEqual([700])
    s.clock.advance(700)
    hand.fire()
    await outbox.wake()
    expect([calls, hand.delays()]).toEqual([2, [10 * second]])
    // Looked for meanwhile, by whatever occasion, a message takes the place of a later look.
    calls = 0
    await s.main.write((tx) =>
      tx
        .insertInto('outbox')
        .values({
          id: 'outbox_other',
          lane_id: s.workspaceId,
          topic: 'blob.collect',
          payload: '1',
          created_at: iso(s.clock.now()),
          run_after: iso(s.clock.now()),
          attempts: 0,
          last_error: null,
        })
        .execute(),
    )
    await outbox.wake()
    expect([calls, hand.delays()]).toEqual([1, [second]])
    await outbox.stop()
  })

  it('waits for the work under way when it stops, and begins no other', async () => {
    const s = await fixture()
    await s.put('one', 'two')
    let finish = (): void => {}
    const begun: unknown[] = []
    const handler: Handler = ({ payload }) => {
      begun.push(payload)
      return new Promise<void>((resolve) => {
        finish = resolve
      })
    }
    const outbox = startOutbox(s.app, collecting(handler), handTimer().timer)
    void outbox.wake()
    while (begun.length === 0) await turn()
    const stopping = outbox.stop()
    finish()
    await stopping
    expect(begun).toEqual(['one'])
    expect((await s.rows()).map((row) => row.payload)).toEqual(['"two"'])
  })
})

describe('waiting', () => {
  it('doubles up to an hour and stays there', () => {
    expect([1, 2, 3, 12, 13, 99].map(backoff)).toEqual([second, 2 * second, 4 * second, 2048 * second, hour, hour])
  })

  it('hears every lane until it stops listening', () => {
    const events = createEvents()
    const heard: string[] = []
    const deafen = events.subscribeAll((event) => heard.push(event.laneId))
    const alsoHeard: string[] = []
    events.subscribeAll((event) => alsoHeard.push(event.laneId))
    events.publish({ laneId: 'a', version: 1, changes: [] })
    deafen()
    events.publish({ laneId: 'b', version: 1, changes: [] })
    expect([heard, alsoHeard]).toEqual([['a'], ['a', 'b']])
  })
})
