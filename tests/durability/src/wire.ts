import { Agent, request } from 'node:http'

/** What became of a mutation, as far as its sender can know. */
export type Outcome =
  | { kind: 'done'; answer: unknown }
  | { kind: 'refused'; status: number; type: string; message: string }
  /** No whole answer came, or the server failed: it may have happened or not. */
  | { kind: 'unknown'; status: number | null; why: string }

export interface Mutation {
  /** Path of the procedure, such as `bot.create`. */
  readonly path: string
  readonly input: object
  /** The idempotency key. */
  readonly key: string
}

/** One kept connection to a server, as one person. */
export interface Wire {
  /** Never rejects. */
  send(mutation: Mutation): Promise<Outcome>
  close(): void
}

export function openWire(url: string, token: string): Wire {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    send: (mutation) => post({ agent, url, token }, mutation),
    close: () => agent.destroy(),
  }
}

interface To {
  agent: Agent
  url: string
  token: string
}

function post({ agent, url, token }: To, { path, input, key }: Mutation): Promise<Outcome> {
  return new Promise((resolve) => {
    const body = JSON.stringify(input)
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'idempotency-key': key,
    }
    let status: number | null = null
    const sent = request(`${url}/trpc/${path}`, { method: 'POST', agent, headers })
    const broken = (error: NodeJS.ErrnoException): void => {
      // A socket that stops listening resets the connections which nobody has accepted yet.
      const unheard = error.code === 'ECONNRESET' && status === null && !sent.reusedSocket
      const why = unheard ? 'ECONNREFUSED' : (error.code ?? error.message)
      resolve({ kind: 'unknown', status, why })
    }
    sent.on('error', broken)
    sent.on('response', (response) => {
      status = response.statusCode ?? 0
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', broken)
      response.on('end', () => resolve(read(status ?? 0, Buffer.concat(parts).toString())))
    })
    sent.end(body)
  })
}

interface Body {
  result?: { data: unknown }
  error?: { data: { type: string; message: string } }
}

function read(status: number, text: string): Outcome {
  const body = JSON.parse(text) as Body
  if (status === 200 && body.result) return { kind: 'done', answer: body.result.data }
  const { type, message } = body.error?.data ?? { type: 'Unknown', message: text.slice(0, 200) }
  if (status >= 500) return { kind: 'unknown', status, why: `${status} ${type}: ${message}` }
  return { kind: 'refused', status, type, message }
}
