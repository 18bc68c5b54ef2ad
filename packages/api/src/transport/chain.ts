import type { AnyTRPCProcedure } from '@trpc/server'
import { getTRPCErrorFromUnknown, TRPCError } from '@trpc/server'
import type { Context } from '../core/context.ts'
import type { Meta } from '../core/procedure/trpc.ts'

/*
 * Runs what a procedure is made of in the order of the library's own caller (callRecursive, 11.22.1), as plain calls. The
 * library is published for old engines: its copying of objects between two steps took more time than all that the steps
 * do. It also asks every schema whether it has to wait for it, and zod then parses ten times slower: it has code made for
 * each schema only where nothing waits. None of ours does (zod says so if one did). A property test holds both to the
 * same answers.
 */

type Type = 'query' | 'mutation' | 'subscription'

/** What a procedure does once its rights were asked. */
type Verb = (options: {
  ctx: Context
  input: unknown
  path: string
  type: Type
  signal: AbortSignal | undefined
}) => Promise<unknown>

export interface Chain {
  path: string
  type: Type
  meta: Meta
  verb: Verb
}

/** The verb of a procedure; the library keeps it in its definition but does not declare it. */
export function verbOf({ _def: definition }: AnyTRPCProcedure): Verb {
  const { resolver } = definition as unknown as { resolver?: Verb }
  if (!resolver) throw new Error('This version of tRPC keeps the verb of a procedure elsewhere.')
  return resolver
}

export interface Run {
  ctx: Context
  input: () => Promise<unknown>
  /** Ends a subscription. */
  signal?: AbortSignal | undefined
}

/** @throws TRPCError, ApiError among them. */
export async function runChain(chain: Chain, run: Run): Promise<unknown> {
  try {
    const { batch } = run.ctx
    return await (batch ? batch(() => steps(chain, run)) : steps(chain, run))
  } catch (cause) {
    throw getTRPCErrorFromUnknown(cause)
  }
}

async function steps({ path, type, meta, verb }: Chain, { ctx, input: read, signal }: Run): Promise<unknown> {
  const { guard } = meta
  await guard.before(ctx)
  const raw = await read()
  guard.raw(raw)
  const input = parseInput(meta, raw)
  const { data } = await guard.run(ctx, { type, path, input }, async (minted) => ({
    ok: true,
    data: await verb({ ctx: minted, input, path, type, signal }),
  }))
  return type === 'subscription' ? data : parseOutput(meta, data)
}

function parseInput(meta: Meta, raw: unknown): unknown {
  try {
    return meta.input.parse(raw)
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', cause })
  }
}

function parseOutput(meta: Meta, data: unknown): unknown {
  try {
    return meta.output.parse(data)
  } catch (cause) {
    throw new TRPCError({ message: 'Output validation failed', code: 'INTERNAL_SERVER_ERROR', cause })
  }
}
