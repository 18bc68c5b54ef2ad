import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@steward/api/client'
import { compare } from './check.ts'
import { checkBodies, checkChains, checkFiles } from './check-depth.ts'
import { newWorker, record, repeat, work, type Answered, type Worker } from './clients.ts'
import { launch, lookInto, startProcess, writesEnded, type Installation, type ServerProcess } from './installation.ts'
import { newClient, type World } from './model.ts'
import { randomOf, type Random } from './random.ts'
import { readBack } from './readback.ts'
import { takeSnapshot, type Snapshot } from './snapshot.ts'
import { openWire, type Wire } from './wire.ts'

export interface TrialOptions {
  installation: Installation
  seed: number
  /** How many write at once; 6 by default. */
  clients?: number
}

/** What happened so far. */
export interface Tally {
  rounds: number
  acknowledged: number
  refused: number
  /** Writes that were without an answer at a kill; of them `there` were in the database, `absent` were not. */
  inFlight: number
  there: number
  absent: number
  repeated: number
  /** Starts that were killed before they listened. */
  startsKilled: number
}

/** The data is not what it must be. */
export class DurabilityFault extends Error {
  override readonly name = 'DurabilityFault'
  readonly lines: readonly string[]
  constructor(where: string, lines: readonly string[]) {
    super([`${where}: ${lines.length} faults`, ...lines.slice(0, 30)].join('\n  '))
    this.lines = lines
  }
}

/**
 * One installation under fire: clients write a seeded mix, the server dies and comes back, and everything is held
 * against what the clients were told.
 */
export class Trial {
  readonly installation: Installation
  readonly world: World
  readonly base: Snapshot
  readonly workers: readonly Worker[]
  readonly tally: Tally
  /** The token of the first start. */
  readonly token: string
  server: ServerProcess
  readonly #kills: Random
  #logRead = 0

  constructor({ installation }: TrialOptions, opened: Opened) {
    this.installation = installation
    this.world = opened.world
    this.base = opened.base
    this.token = opened.token
    this.server = opened.server
    this.workers = opened.world.clients.map(newWorker)
    this.tally = {
      rounds: 0,
      acknowledged: 0,
      refused: 0,
      inFlight: 0,
      there: 0,
      absent: 0,
      repeated: 0,
      startsKilled: 0,
    }
    this.#kills = randomOf(opened.world.seed, 'kills')
  }

  /** Writes, kills, restarts and checks. @throws DurabilityFault with everything that is wrong. */
  async round({ thorough = false } = {}): Promise<void> {
    this.tally.rounds += 1
    const wires = this.connect()
    const shifts = this.workers.map((worker, index) =>
      work(worker, { world: this.world, wire: wires[index] as Wire, isOver: () => false }),
    )
    // Some kills hit the first writes after a start.
    await sleep(this.#kills.chance(30) ? this.#kills.below(100) : 50 + this.#kills.below(200))
    await this.server.kill('SIGKILL')
    await Promise.all(shifts)
    for (const wire of wires) wire.close()
    await this.restart()
    await this.settle({ thorough })
  }

  /** Lets the clients write for a while; each ends with an answer. */
  async write(milliseconds: number, { persists = false } = {}): Promise<void> {
    const wires = this.connect()
    const end = performance.now() + milliseconds
    const isOver = (): boolean => performance.now() > end
    await Promise.all(
      this.workers.map((worker, index) =>
        work(worker, { world: this.world, wire: wires[index] as Wire, isOver, persists }),
      ),
    )
    for (const wire of wires) wire.close()
  }

  /** Starts the server again; some starts are killed on the way and started again. */
  async restart(): Promise<void> {
    await writesEnded(this.installation)
    while (this.#kills.chance(8)) {
      const { child, listening } = launch(this.installation)
      await Promise.race([sleep(50 + this.#kills.below(700)), listening.catch(() => {})])
      child.kill('SIGKILL')
      await listening.then(({ exit }) => exit).catch(() => {})
      this.tally.startsKilled += 1
    }
    this.server = await startProcess(this.installation)
    this.#logRead = 0
  }

  connect(): Wire[] {
    return this.workers.map(() => openWire(this.server.url, this.token))
  }

  /**
   * Holds what is there against what was acknowledged, sends the writes in flight again, then all others, and looks
   * again. `thorough` also reads everything back through the API, walks the audit chains and asks the engine for damage.
   */
  async settle({ thorough = false } = {}): Promise<void> {
    const wires = this.connect()
    const faults: string[] = []
    await lookInto(this.installation, async (look) => {
      const waiting = this.workers.filter(({ inFlight }) => inFlight !== null)
      const keys = waiting.flatMap(({ inFlight }) => inFlight?.key ?? [])
      const before = await takeSnapshot(look.stores, keys)
      const repeats = await Promise.all(waiting.map((worker) => sendAgain(worker, wires[worker.model.number])))
      const there = repeats.filter(({ write }) => before.answered.has(write.key))
      const absent = repeats.filter(({ write }) => !before.answered.has(write.key))
      // What had been done before the repeat must have been there whole; of the rest, nothing.
      for (const { worker, ...answered } of there) record(worker, answered)
      faults.push(...this.#compare(before).map((line) => `after the restart: ${line}`))
      for (const { worker, ...answered } of absent) record(worker, answered)
      this.#count({ inFlight: repeats.length, there: there.length, absent: absent.length })
      for (const worker of this.workers)
        this.#count({ repeated: await repeat(worker, wires[worker.model.number] as Wire) })
      const after = await takeSnapshot(look.stores)
      faults.push(...this.#compare(after).map((line) => `after the repeats: ${line}`))
      faults.push(...(await checkBodies(look, after)))
      if (thorough) {
        faults.push(...(await readBack(this.world, { url: this.server.url, token: this.token })))
        faults.push(...(await checkChains(look)), ...(await checkFiles(look)))
      }
    })
    for (const wire of wires) wire.close()
    this.conclude(faults)
  }

  /** Everything that is wrong with the data as it lies there, without asking a server. */
  inspect(): Promise<string[]> {
    return lookInto(this.installation, async (look) => {
      const found = await takeSnapshot(look.stores)
      const deep = [await checkBodies(look, found), await checkChains(look), await checkFiles(look)]
      return [...this.#compare(found), ...deep.flat()]
    })
  }

  /** Ends a round: counts what was answered, forgets the journals. @throws DurabilityFault */
  conclude(found: readonly string[]): void {
    const faults = [...found, ...this.workers.flatMap((worker) => worker.faults)]
    const log = this.takeLog()
    if (log !== '') faults.push(`log: ${log.slice(0, 2000)}`)
    for (const worker of this.workers) {
      for (const { outcome } of worker.journal) this.tally[outcome.kind === 'done' ? 'acknowledged' : 'refused'] += 1
      worker.journal = []
      worker.faults.length = 0
    }
    const { seed } = this.world
    const where = `${this.installation.engine}, seed ${seed}, round ${this.tally.rounds}`
    if (faults.length > 0) throw new DurabilityFault(where, faults)
  }

  /** Errors that the server has logged since the last look. */
  takeLog(): string {
    const log = this.server.err()
    const fresh = log.slice(this.#logRead)
    this.#logRead = log.length
    return fresh
  }

  /** Ends the server in order. */
  async close(): Promise<void> {
    await this.server.kill('SIGTERM')
  }

  #compare(found: Snapshot): string[] {
    return compare({ world: this.world, found, base: this.base })
  }

  #count(more: Partial<Tally>): void {
    for (const [name, count] of Object.entries(more)) this.tally[name as keyof Tally] += count
  }
}

interface Repeated extends Answered {
  worker: Worker
}

/** Sends a write that was without an answer, with its key, once more. */
async function sendAgain(worker: Worker, wire: Wire | undefined): Promise<Repeated> {
  const write = worker.inFlight
  if (!write || !wire) throw new Error('There is nothing to repeat.')
  return { worker, write, outcome: await wire.send(write) }
}

interface Opened {
  server: ServerProcess
  world: World
  base: Snapshot
  token: string
}

/** Starts the server on an empty installation and makes what the clients write to. */
export async function openTrial(options: TrialOptions): Promise<Trial> {
  const { installation, seed, clients = 6 } = options
  const server = await startProcess(installation)
  const token = /bp_pat_[0-9A-Za-z]{49}/.exec(server.out())?.[0] ?? ''
  const client = createClient({ url: server.url, token })
  // Until somebody owns it, each start of a server writes a new set-up code.
  const code = /stw_set_[0-9A-Za-z]{49}/.exec(server.out())?.[0] ?? ''
  const owner = { email: 'owner@example.org', name: 'Owner', password: 'correct horse battery' }
  await client.setup.claim.mutate({ code, ...owner, keepFirstToken: true })
  const { account: person } = await client.me.get.query({})
  const { accounts } = await client.account.list.query({})
  const names = new Map<string, string>()
  for (const name of ['first', 'second']) names.set((await client.workspace.create.mutate({ name })).id, name)
  const base = await lookInto(installation, ({ stores }) => takeSnapshot(stores))
  const world: World = {
    seed,
    userId: person.id,
    accountId: accounts[0]?.id ?? '',
    shared: [...names.keys()],
    names,
    clients: Array.from({ length: clients }, (_, number) => newClient(seed, number)),
    records: new Map(),
    answers: 0,
    changes: new Map(),
  }
  return new Trial(options, { server, world, base, token })
}
