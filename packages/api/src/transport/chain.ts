import type { AnyTRPCProcedure } from '@trpc/server'
import { getTRPCErrorFromUnknown, TRPCError } from '@trpc/server'
import type { Context } from '../core/context.ts'
import type { Meta } from '../core/procedure/trpc.ts'

/*
 * Runs the steps that a procedure is made of, the same functions in the same order as the library's own caller
 * (callRecursive, 11.22.1). The library is published for old engines: its copying of objects between two steps took
 * more time than all that the steps do. A property test holds both to the same answers.
 */

interface Options {
  ctx: object
  input: unknown
  getRawInput: () => Promise<unknown>
  path: string
  type: 'query' | 'mutation' | 'subscription'
  signal: AbortSignal | undefined
  batchIndex: number
}

type Result = { ok: true; data: unknown } | { ok: false; error: TRPCError }
type Overrides = Partial<Pick<Options, 'ctx' | 'input' | 'getRawInput'>>
type Step = (options: Options & { meta: Meta; next: (overrides?: Overrides) => Promise<Result> }) => Promise<Result>
type LibraryStep = Step & { _type?: string }

export interface Chain {
  path: string
  type: Options['type']
  meta: Meta
  steps: readonly Step[]
}

/** The steps of a procedure; the library keeps them in its definition but does not declare them. */
export function stepsOf({ _def: definition }: AnyTRPCProcedure): readonly Step[] {
  const { middlewares } = definition as unknown as { middlewares?: readonly LibraryStep[] }
  if (!middlewares?.length) throw new Error('This version of tRPC keeps the steps of a procedure elsewhere.')
  return middlewares.map(quickStep)
}

/**
 * The library asks every schema whether it has to wait for it, and zod then parses ten times slower: it has code made
 * for each schema only where nothing waits. None of ours does (zod says so if one did).
 */
function quickStep(given: LibraryStep): Step {
  const { _type: kind } = given
  return kind === 'input' ? parseInput : kind === 'output' ? parseOutput : given
}

/** There is one input in each procedure, so nothing is to be merged. */
const parseInput: Step = async ({ getRawInput, meta, next }) => {
  const raw = await getRawInput()
  let input: unknown
  try {
    input = meta.input.parse(raw)
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', cause })
  }
  return next({ input })
}

const parseOutput: Step = async ({ meta, next }) => {
  const result = await next()
  if (!result.ok) return result
  try {
    return { ok: true, data: meta.output.parse(result.data) }
  } catch (cause) {
    throw new TRPCError({ message: 'Output validation failed', code: 'INTERNAL_SERVER_ERROR', cause })
  }
}

export interface Run {
  ctx: Context
  input: () => Promise<unknown>
  /** Ends a subscription. */
  signal?: AbortSignal | undefined
}

/** @throws TRPCError, ApiError among them. */
export async function runChain(chain: Chain, { ctx, input: getRawInput, signal }: Run): Promise<unknown> {
  const { path, type } = chain
  const options: Options = { ctx, input: undefined, getRawInput, path, type, signal, batchIndex: 0 }
  const result = await step(chain, 0, options)
  if (!result.ok) throw result.error
  return result.data
}

async function step(chain: Chain, at: number, options: Options): Promise<Result> {
  try {
    const run = chain.steps[at]
    if (!run) throw new Error(`The procedure "${chain.path}" has no verb.`)
    const { ctx, input, getRawInput, path, type, signal, batchIndex } = options
    const next = (overrides?: Overrides): Promise<Result> =>
      step(chain, at + 1, {
        ctx: overrides?.ctx ? { ...ctx, ...overrides.ctx } : ctx,
        input: overrides && 'input' in overrides ? overrides.input : input,
        getRawInput: overrides?.getRawInput ?? getRawInput,
        path,
        type,
        signal,
        batchIndex,
      })
    return await run({ ctx, input, getRawInput, path, type, signal, batchIndex, meta: chain.meta, next })
  } catch (cause) {
    return { ok: false, error: getTRPCErrorFromUnknown(cause) }
  }
}
