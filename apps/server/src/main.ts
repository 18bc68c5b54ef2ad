import { setFlagsFromString } from 'node:v8'
import { configOfProcess } from './config.ts'
import { exitCode, CliError } from './exit.ts'
import { orExplain, serve } from './serve.ts'

/** Whoever adds something wants something else than a server that runs until it is ended. */
function refuseArguments([first]: readonly string[]): void {
  if (first === undefined) return
  throw new CliError(
    exitCode.usage,
    `npm start takes no arguments, and ${JSON.stringify(first)} is one. Settings come from the environment (STEWARD_PORT, STEWARD_DATA, …; see the README). For commands, see: npm run steward -- --help`,
  )
}

// What a request leaves behind is short-lived. V8 takes some of it for long-lived while the process warms up and puts it where
// only a full collection finds it, with all that it leads to; and several threads clean up what one is quicker with alone
// (decision 31).
setFlagsFromString('--no-allocation-site-pretenuring')
setFlagsFromString('--no-parallel-scavenge')

// `npm start`: the same as `steward serve`, without the command line in between.
await orExplain(async () => {
  refuseArguments(process.argv.slice(2))
  await serve(configOfProcess())
})
