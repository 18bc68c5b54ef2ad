import { Command, CommanderError } from 'commander'
import { configOfProcess } from './config.ts'
import { addAuditCommands } from './commands/audit.ts'
import { addBlobsCommand } from './commands/blobs.ts'
import { addCallCommand } from './commands/call.ts'
import { addDataCommands } from './commands/data.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addKeyCommand } from './commands/key.ts'
import { addMailCommand } from './commands/mail.ts'
import { addPeopleCommands } from './commands/people.ts'
import { addPersonCommand } from './commands/recovery.ts'
import { show } from './commands/io.ts'
import { exitCode, nameOf } from './exit.ts'
import { orExplain, serve } from './serve.ts'
import { version } from './version.ts'

const help = `
Settings come from the environment (STEWARD_DATA, STEWARD_DATABASE_URL, …; see the README).
Results go to stdout, everything else to stderr. npm prints a banner of its own unless told: npm run --silent steward -- …

Exit codes: 0 done · 1 it failed, or a check found something · 2 wrong usage or settings
            3 the database does not answer, is lost or damaged, or does not fit (this version, key, folder)
            4 the address is taken`

const json = process.argv.includes('--json')
/** The last thing commander said about wrong usage. */
let said = ''

const program = new Command('steward')
  .description('The admin plane for bots: server and tools for whoever operates it.')
  .version(version)
  .helpCommand(true)
  .addHelpText('after', help)
  .configureOutput({
    outputError: (text, write) => {
      said = text
      write(text)
    },
  })

program
  .command('serve')
  .description('start the server (the same as npm start)')
  .action(async () => serve(configOfProcess()))
addDataCommands(program)
addPeopleCommands(program)
addPersonCommand(program)
addAuditCommands(program)
addDoctorCommand(program)
addKeyCommand(program)
addBlobsCommand(program)
addMailCommand(program)
addCallCommand(program)

/** Makes a wrong command line throw, so that it can end with our exit code; commander's own is 1. */
function throwOnExit(command: Command): void {
  command.exitOverride()
  for (const one of command.commands) throwOnExit(one)
}
throwOnExit(program)

await orExplain(async () => {
  try {
    await program.parseAsync()
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // It has written its own text already; asking for help or the version is no mistake.
    process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage
    if (json && error.exitCode !== 0) show(true, { error: { code: nameOf(exitCode.usage), message: said.trim() } }, '')
  }
}, json)
