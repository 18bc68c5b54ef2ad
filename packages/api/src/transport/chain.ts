import type { AnyTRPCProcedure, TRPCError } from '@trpc/server'
import { getTRPCErrorFromUnknown } from '@trpc/server'
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

export interface Chain {
  path: string
  type: Options['type']
  meta: Meta
  steps: readonly Step[]
}

/** The steps of a procedure; the library keeps them in its definition but does not declare them. */
export function stepsOf({ _def: definition }: AnyTRPCProcedure): readonly Step[] {
  const { middlewares } = definition as unknown as { middlewares?: readonly Step[] }
  if (!middlewares?.length) throw new Error('This version of tRPC keeps the steps of a procedure elsewhere.')
  return middlewares
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
