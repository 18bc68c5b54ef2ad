import procedures from './procedures.json' with { type: 'json' }
import type { ApiRequest } from './request.ts'

/*
 * A request as people repeat it elsewhere. procedures.json is printed from the server's router
 * (scripts/print-procedures.ts) and a test holds the two together.
 */

interface ProcedureInfo {
  type: string
  method: string
  rest: string
  operationId: string
}

const known: Record<string, ProcedureInfo> = procedures

/** Fields that travel as headers wherever the path does not name them. */
const headerFields: Record<string, string> = {
  workspaceId: 'x-workspace-id',
  multipleIntegrations: 'x-multiple-integrations',
}

/** As one word of a POSIX shell. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function infoOf(path: string): ProcedureInfo {
  const info = known[path]
  if (!info) throw new Error(`There is no procedure "${path}".`)
  return info
}

/** @param url where Steward is reached, such as `https://steward.example.org`. */
export function printCurl({ path, input }: ApiRequest, url: string): string {
  const call = restCall({ ...infoOf(path), input })
  const lines = [
    `curl ${call.method === 'GET' ? '' : `-X ${call.method} `}${quote(url + call.target)}`,
    '-H "authorization: Bearer $STEWARD_TOKEN"',
    ...call.headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(call.body === undefined
      ? []
      : [`-H 'content-type: application/json'`, `-d ${quote(JSON.stringify(call.body))}`]),
  ]
  return lines.join(' \\\n  ')
}

interface HttpCall {
  method: string
  target: string
  headers: [string, string][]
  body?: unknown
}

function restCall({ method, rest, input }: { method: string; rest: string; input: Record<string, unknown> }): HttpCall {
  const left = new Map(Object.entries(input).filter(([, value]) => value !== undefined))
  const take = (name: string): unknown => {
    const value = left.get(name)
    left.delete(name)
    return value
  }
  const target = rest.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(take(name))))
  const headers: [string, string][] = []
  for (const [name, header] of Object.entries(headerFields))
    if (left.has(name)) headers.push([header, String(take(name))])
  const takesBody = method !== 'GET' && method !== 'DELETE'
  if (takesBody) return { method, target, headers, ...(left.size > 0 && { body: Object.fromEntries(left) }) }
  const query = new URLSearchParams([...left].flatMap(([name, value]) => queryOf(name, value))).toString()
  return { method, target: query === '' ? target : `${target}?${query}`, headers }
}

/** Lists repeat the name, maps put the key after a dot. */
function queryOf(name: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.map((item) => [name, String(item)])
  if (value !== null && typeof value === 'object')
    return Object.entries(value).map(([key, item]) => [`${name}.${key}`, String(item)])
  return [[name, String(value)]]
}

/** A program with the typed client. */
export function printClient({ path, input }: ApiRequest, url: string): string {
  const call = `client.${path}.${infoOf(path).type === 'mutation' ? 'mutate' : 'query'}(${printValue(input)})`
  return [
    `import { createClient } from '@steward/api/client'`,
    '',
    `const client = createClient({ url: '${url}', token: process.env.STEWARD_TOKEN })`,
    `const answer = await ${call}`,
  ].join('\n')
}

/** JSON with the keys of a program. */
function printValue(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, '$1$2:')
}

/** The command line, in the folder of the installation. @param email whom to act as. */
export function printCli({ path, input }: ApiRequest, email: string | null): string {
  infoOf(path)
  const as = email === null ? '' : ` --as ${quote(email)}`
  return `npm run --silent steward -- call ${path} ${quote(JSON.stringify(input))}${as}`
}
