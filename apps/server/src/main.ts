import { configOfProcess } from './config.ts'
import { exitCode, CliError } from './exit.ts'
import { orExplain, serve } from './serve.ts'

/** Whoever adds something wants something else than a server that runs until it is ended. */
function refuseArguments([first]: readonly string[]): void {
  if (first === undefined) return
  throw new CliError(
    exitCode.usage,
    `npm start takes no arguments, and ${JSON.stringify(first)} is one. Settings come from the environment (STEWARD_PORT, STEWARD_DATA, …; see the README); everything else is said by: npm run steward -- --help`,
  )
}

// `npm start`: the same as `steward serve`, without the command line in between.
await orExplain(async () => {
  refuseArguments(process.argv.slice(2))
  await serve(configOfProcess())
})
