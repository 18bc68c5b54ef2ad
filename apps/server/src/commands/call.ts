import type { Command } from 'commander'
import { createApi, systemClock, proceduresOf, appRouter, toEnvelope } from '@steward/api/server'
import { exitCode, CliError } from '../exit.ts'
import { note, out, readStdin, withApp, wrongUsage } from './io.ts'
import { actorOfEmail, systemActor } from './person.ts'

type Verb = (input: unknown) => Promise<unknown>
interface Group {
  [name: string]: Verb | Group
}

/** `call <procedure> [json]`: any procedure of the router, in process. */
export function addCallCommand(program: Command): void {
  program
    .command('call')
    .description('call any procedure directly; prints the result as JSON, for a stream one line per event')
    .argument('[procedure]', 'its path, such as bot.get; omit it to list all')
    .argument('[json]', 'its input; "-" reads it from standard input')
    .option('--as <email>', 'act as this person (default: the installation itself)')
    .option('--idempotency-key <key>', 'repeated calls with the same key take effect only once')
    .action(async (path: string | undefined, json: string | undefined, options: CallOptions) => {
      if (path === undefined) return list()
      if (!proceduresOf(appRouter).has(path))
        throw wrongUsage(`There is no procedure "${path}". Run "steward call" to list all.`)
      const input = parse(json === '-' ? await readStdin('the input as JSON') : (json ?? '{}'))
      await call(path, input, options)
    })
}

interface CallOptions {
  as?: string
  idempotencyKey?: string
}

function list(): void {
  for (const { path, type, meta } of proceduresOf(appRouter).values()) {
    const routes = meta.rest.map((one) => `${one.method} ${one.path}`)
    out([path.padEnd(30), type.padEnd(12), routes.join(', ')].join(' ').trimEnd())
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw wrongUsage(`The input is not valid JSON: ${(error as Error).message}`)
  }
}

async function call(path: string, input: unknown, options: CallOptions): Promise<void> {
  await withApp(async ({ app, stores }) => {
    const actor = options.as === undefined ? systemActor : await actorOfEmail(stores, options.as)
    const api = createApi(app)
    try {
      const { idempotencyKey } = options
      const caller = api.caller(actor, idempotencyKey === undefined ? {} : { idempotencyKey })
      const answer = await verbAt(caller as unknown as Group, path)(input)
      if (isStream(answer)) for await (const event of answer) out(JSON.stringify(event[1]))
      else out(JSON.stringify(answer, null, 2))
    } catch (error) {
      const envelope = toEnvelope(error, { now: new Date(systemClock.now()) })
      if (envelope.type === 'Internal') throw error
      note(JSON.stringify(envelope, null, 2))
      throw new CliError(exitCode.failed, `${path} was refused: ${envelope.message}`, error)
    } finally {
      await api.close()
    }
  })
}

/** A subscription's events, each after its id. */
function isStream(answer: unknown): answer is AsyncIterable<readonly [id: string, event: unknown]> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

function verbAt(caller: Group, path: string): Verb {
  let at: Verb | Group = caller
  for (const name of path.split('.')) at = (at as Group)[name] as Verb | Group
  return at as Verb
}
