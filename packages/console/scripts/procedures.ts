import { appRouter, proceduresOf } from '@steward/api/server'

/** One line per procedure: what it is, and its REST operation where it has one. */
export function printProcedures(): string {
  const lines = [...proceduresOf(appRouter).values()].map(({ path, type, meta: { rest } }) =>
    [
      `  ${JSON.stringify(path)}: { "type": ${JSON.stringify(type)}`,
      ...(rest
        ? [`"method": "${rest.method}"`, `"rest": ${JSON.stringify(rest.path)}`, `"operationId": "${rest.operationId}"`]
        : []),
    ].join(', '),
  )
  return `{\n${lines.map((line) => `${line} }`).join(',\n')}\n}\n`
}
