import { botWrites } from './plan-bot.ts'
import type { ClientModel, World } from './model.ts'
import { otherWrites } from './plan-rest.ts'
import { refusedWrites } from './plan-refused.ts'
import type { Mutation } from './wire.ts'

/** A write that a client wants done. */
export interface Write extends Mutation {
  readonly client: number
  /** The error type it must be answered with, where it is wrong on purpose. */
  readonly refusal: string | null
  /** Does to the model what the server said it did. */
  apply(answer: unknown): void
}

/** A write before it has its key; `apply` gets the answer. */
export interface Planned {
  path: string
  input: object
  refusal?: string
  apply?: (answer: never) => void
}

/** What planners get: the client's model, and a text that no other write has. */
export interface Planning {
  world: World
  client: ClientModel
  unique: string
}

/** Makes a write of one kind; null where there is nothing to do it to. */
export type Planner = (at: Planning) => Planned | null

const planners: readonly (readonly [weight: number, Planner])[] = [...botWrites, ...otherWrites, ...refusedWrites]
const lottery = planners.flatMap(([weight, planner]) => Array.from({ length: weight }, () => planner))

/**
 * The client's next write. The n-th write of a client is the same in every run with the same seed, whenever the server
 * was killed: a write that was in flight is repeated until it is answered, and only then comes the next.
 */
export function nextWrite(world: World, client: ClientModel): Write {
  client.count += 1
  const unique = `c${client.number}n${client.count}`
  for (;;) {
    const planned = client.random.pick(lottery)({ world, client, unique })
    if (!planned) continue
    const { path, input, refusal = null, apply = () => {} } = planned
    const key = `durability-${world.seed}-${unique}`
    return { client: client.number, path, input, key, refusal, apply: (answer) => apply(answer as never) }
  }
}
