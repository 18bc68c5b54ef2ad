import { appRouter, proceduresOf } from '@steward/api/server'

/** One line per procedure: what it is, and its REST operation, the one that answers all of what tRPC does. */
export function printProcedures(): string {
  const lines = [...proceduresOf(appRouter).values()].map(({ path, type, meta }) => {
    const rest = meta.rest.find(({ answer }) => !answer) ?? meta.rest[0]
    if (!rest) throw new Error(`${path} has no REST operation.`)
    const { method, path: route, operationId } = rest
    const told = { type, method, rest: route, operationId }
    return `  ${JSON.stringify(path)}: { ${Object.entries(told)
      .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`)
      .join(', ')} }`
  })
  return `{\n${lines.join(',\n')}\n}\n`
}
