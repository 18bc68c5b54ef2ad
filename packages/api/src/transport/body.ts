import type { Context } from '../core/context.ts'
import { addressKey } from '../core/address.ts'
import { credentialOpens } from '../core/access/access.ts'
import type { BodyLimits } from '../core/body-limits.ts'
import { plainBody } from '../core/body-limits.ts'
import type { Call, HttpDeps } from './call.ts'
import { callerKey } from './call.ts'
import type { Shape } from './json-scan.ts'
import type { Served } from './procedures.ts'

/** The largest of what those of the procedures take that the caller's credential opens; `plainBody` for strangers. */
export function limitsFor(
  { app, actor }: Pick<Context, 'app' | 'actor'>,
  called: readonly (Served | undefined)[],
): BodyLimits {
  if (actor.kind === 'anonymous') return plainBody
  let limits = plainBody
  for (const served of called) {
    if (!served || served.meta.body === plainBody || !credentialOpens({ app, actor }, served.meta.permission)) continue
    const { bytes, values } = served.meta.body
    limits = { bytes: Math.max(limits.bytes, bytes), values: Math.max(limits.values, values) }
  }
  return limits
}

/**
 * The bytes of a body, within the budget of its caller until the call is answered.
 * @throws PayloadTooLarge; RateLimited when too many bodies are under way.
 */
export async function readBytes({ bodies }: HttpDeps, call: Call, limit: number): Promise<Uint8Array> {
  const { who, incoming } = call
  const isStranger = who === null || who.kind === 'anonymous'
  const share = (call.share ??= bodies.open({ key: senderOf(call), isStranger }))
  return incoming.body(limit, (bytes) => share.hold(bytes), share.reading)
}

/** A person is one sender, however many tokens they have. */
function senderOf({ who, incoming }: Call): string {
  if (who?.kind === 'user') return `user:${who.userId}`
  return who ? callerKey(who, incoming.ip) : addressKey(incoming.ip)
}

export interface BodyForm {
  limits: BodyLimits
  /** What the input's schema declares; the rest is not made into values. */
  shape: () => Shape
}

/** What the bytes of a body say. @throws InvalidPayload for what is not JSON in UTF-8; LimitExceeded for too many values. */
export function parseBody({ json }: HttpDeps, call: Call, bytes: Uint8Array, form: BodyForm): Promise<unknown> {
  return json.read(bytes, { ...form, caller: senderOf(call) })
}
