import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CommitUnknown } from '../errors.ts'
import { GroupCommit, type GroupConnection } from './group-commit.ts'

/** A connection that keeps a list, with a commit that can be made to fail. */
function listConnection(
  failCommit: (items: readonly number[]) => boolean = () => false,
  failure = new Error('the commit failed'),
) {
  const kept: number[] = []
  const commits: number[] = []
  let open: number[] | null = null
  let mark = 0
  const connection: GroupConnection = {
    begin: async () => {
      if (open) throw new Error('a transaction is open already')
      open = []
    },
    run: (work) => work(((n: number) => void open?.push(n)) as never),
    execute(sql) {
      if (!open) throw new Error(`${sql} without a transaction`)
      if (sql === 'savepoint one') mark = open.length
      if (sql === 'rollback to one') open.length = mark
      if (sql === 'rollback') open = null
      if (sql !== 'commit' || !open) return
      if (failCommit(open)) throw failure
      kept.push(...open)
      commits.push(open.length)
      open = null
    },
    get isOpen() {
      return open !== null
    },
  }
  let busy: Promise<void> = Promise.resolve()
  const group = new GroupCommit(connection, (fn) => (busy = busy.then(fn)))
  const add = (n: number, fails = false): Promise<number> =>
    group.add(async (tx) => {
      const put = tx as (n: number) => void
      put(n)
      await Promise.resolve()
      if (fails) throw new Error(`refused ${n}`)
      return n
    })
  return { kept, commits, add, group }
}

describe('writes that share a commit', () => {
  it('commit together what came together, in order', async () => {
    const { kept, commits, add } = listConnection()
    expect(await Promise.all([1, 2, 3].map((n) => add(n)))).toEqual([1, 2, 3])
    expect(kept).toEqual([1, 2, 3])
    expect(commits).toEqual([3])
  })

  it('keep exactly those that succeeded, whatever mix of failures', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 80 }), async (failures) => {
        const { kept, add } = listConnection()
        const results = await Promise.allSettled(failures.map((fails, n) => add(n, fails)))
        expect(results.map((result) => result.status === 'rejected')).toEqual(failures)
        expect(kept).toEqual(failures.flatMap((fails, n) => (fails ? [] : [n])))
      }),
    )
  })

  it('run again one by one when their common commit fails, so that only the culprit is refused', async () => {
    const { kept, add } = listConnection((items) => items.includes(2))
    const results = await Promise.allSettled([1, 2, 3, 4].map((n) => add(n)))
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect(kept).toEqual([1, 3, 4])
  })

  it('are not run again when nobody knows whether their common commit happened', async () => {
    const { add } = listConnection(() => true, new CommitUnknown(new Error('the connection broke')))
    const results = await Promise.allSettled([1, 2, 3].map((n) => add(n)))
    expect(results.map((one) => one.status === 'rejected' && one.reason instanceof CommitUnknown)).toEqual([
      true,
      true,
      true,
    ])
  })

  it('are refused only for what is kept: not for a state that a failed commit undid', async () => {
    const { kept, group, add } = listConnection((items) => items.includes(1))
    const culprit = add(1)
    let runs = 0
    const beside = group.add(async (tx) => {
      runs += 1
      if (runs === 1) throw new Error('1 is there already')
      ;(tx as (n: number) => void)(2)
    })
    await expect(culprit).rejects.toThrow('the commit failed')
    await beside
    expect(kept).toEqual([2])
  })

  it('have all been answered when it says so', async () => {
    const { kept, add, group } = listConnection()
    const all = Array.from({ length: 100 }, (_, n) => add(n))
    await group.finished()
    expect(kept).toHaveLength(100)
    await Promise.all(all)
  })
})
