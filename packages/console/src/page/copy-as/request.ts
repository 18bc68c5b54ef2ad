/** A call as it was really made: a procedure and its input. */
export interface ApiRequest {
  path: string
  input: Record<string, unknown>
}

/** Reads the request off a query key of the options proxy: `requestOf(trpc.bot.get.queryKey({ id }))`. */
export function requestOf(key: readonly unknown[]): ApiRequest {
  const [path, options] = key as [readonly string[], { input?: Record<string, unknown> }?]
  return { path: path.join('.'), input: options?.input ?? {} }
}
