import { isDeepStrictEqual } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientModel, World } from './model.ts'
import { nextWrite, type Write } from './plan.ts'
import type { Outcome, Wire } from './wire.ts'

/** A write that was answered. */
export interface Answered {
  write: Write
  outcome: Outcome
}

/** A client at work: what it knows, what it has been told, and the write it has no answer to. */
export interface Worker {
  readonly model: ClientModel
  /** Since the last crash, oldest first. */
  journal: Answered[]
  inFlight: Write | null
  /** What the server did that it must not do. */
  readonly faults: string[]
}

export function newWorker(model: ClientModel): Worker {
  return { model, journal: [], inFlight: null, faults: [] }
}

export interface Shift {
  world: World
  wire: Wire
  isOver: () => boolean
  /** Sends an unanswered write again and again, as a patient client does, instead of stopping there. */
  persists?: boolean
}

/** Writes until it is over or a write stays without an answer. Never rejects. */
export async function work(worker: Worker, { world, wire, isOver, persists = false }: Shift): Promise<void> {
  for (;;) {
    if (isOver() && !(persists && worker.inFlight)) return
    const write = (worker.inFlight ??= nextWrite(world, worker.model))
    const outcome = await wire.send(write)
    if (outcome.kind !== 'unknown') record(worker, { write, outcome })
    else if (persists) await sleep(20)
    else {
      if (outcome.status !== null && outcome.status >= 500) worker.faults.push(`${told(write)} got ${outcome.why}`)
      return
    }
  }
}

/** Takes an answer into the journal and the model. */
export function record(worker: Worker, { write, outcome }: Answered): void {
  worker.inFlight = null
  worker.journal.push({ write, outcome })
  try {
    if (outcome.kind === 'done' && write.refusal === null) return write.apply(outcome.answer)
    if (outcome.kind === 'refused' && outcome.type === write.refusal) return
    const got = outcome.kind === 'refused' ? `${outcome.type} (${outcome.message})` : outcome.kind
    worker.faults.push(`${told(write)} got ${got}, expected ${write.refusal ?? 'an answer'}`)
  } catch (cause) {
    worker.faults.push(`${told(write)}: ${String(cause)}`)
  }
}

/** Sends everything acknowledged once more: the answers must be the ones that were given. */
export async function repeat(worker: Worker, wire: Wire): Promise<number> {
  const done = worker.journal.filter(({ outcome }) => outcome.kind === 'done')
  for (const { write, outcome } of done) {
    const again = await wire.send(write)
    if (!isDeepStrictEqual(again, outcome))
      worker.faults.push(`${told(write)} was answered ${JSON.stringify(outcome)}, repeated ${JSON.stringify(again)}`)
  }
  return done.length
}

function told({ path, key }: Write): string {
  return `${path} (${key})`
}
