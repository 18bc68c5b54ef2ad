import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server'
import type { Context } from '../core/context.ts'
import type { Meta } from '../core/procedure/trpc.ts'
import type { Chain } from './chain.ts'
import { runChain, verbOf } from './chain.ts'

/** A procedure of the router with what it says of itself. */
export interface Served {
  path: string
  type: 'query' | 'mutation' | 'subscription'
  meta: Meta
  /** Resolves to the output; for a subscription to its events. */
  run(ctx: Context, input: () => Promise<unknown>, signal?: AbortSignal): Promise<unknown>
}

function definitionOf({ _def: definition }: AnyTRPCProcedure) {
  return definition
}

const known = new WeakMap<AnyTRPCRouter, ReadonlyMap<string, Served>>()

/**
 * All procedures by path.
 * @throws Error for one that was not made by `procedure`: without its meta no endpoint could serve it safely.
 */
export function proceduresOf(router: AnyTRPCRouter): ReadonlyMap<string, Served> {
  const earlier = known.get(router)
  if (earlier) return earlier
  const found = new Map<string, Served>()
  const { _def: definition } = router
  for (const [path, procedure] of Object.entries(definition.procedures as Record<string, AnyTRPCProcedure>)) {
    const { type, meta: said } = definitionOf(procedure)
    const meta = said as Meta | undefined
    if (!meta) throw new Error(`The procedure "${path}" was not made by procedure().`)
    const chain: Chain = { path, type, meta, verb: verbOf(procedure) }
    const run: Served['run'] = (ctx, input, signal) => runChain(chain, { ctx, input, signal })
    found.set(path, { path, type, meta, run })
  }
  known.set(router, found)
  return found
}
