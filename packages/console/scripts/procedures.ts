import { appRouter, proceduresOf } from '@steward/api/server'

/** One line per procedure: what it is, and its REST operation: the one that answers all of what tRPC does. */
export function printProcedures(): string {
  const lines = [...proceduresOf(appRouter).values()].map(({ path, type, meta }) => {
    const rest = meta.rest.find(({ answer }) => !answer) ?? meta.rest[0]
    return [
      `  ${JSON.stringify(path)}: { "type": ${JSON.stringify(type)}`,
      ...(rest
        ? [`"method": "${rest.method}"`, `"rest": ${JSON.stringify(rest.path)}`, `"operationId": "${rest.operationId}"`]
        : []),
    ].join(', ')
  })
  return `{\n${lines.map((line) => `${line} }`).join(',\n')}\n}\n`
}
