import { Command, CommanderError } from 'commander'
import { addAuditCommands } from './audit.ts'
import { addBlobsCommand } from './blobs.ts'
import { addCallCommand } from './call.ts'
import { addDataCommands } from './data.ts'
import { addDoctorCommand } from './doctor.ts'
import { addKeyCommand } from './key.ts'
import { addMailCommand } from './mail.ts'
import { addPeopleCommands } from './people.ts'
import { addPersonCommand } from './recovery.ts'
import { show } from './io.ts'
import { exitCode, nameOf } from '../exit.ts'
import { serve } from '../serve.ts'
import { terminal } from '../terminal.ts'
import { version } from '../version.ts'

const help = `
Settings come from the environment (STEWARD_DATA, STEWARD_DATABASE_URL, …; see the README).
Results go to stdout, everything else to stderr. npm prints its own banner unless you use: npm run --silent steward -- …

Exit codes: 0 done · 1 the command failed, or a check found a problem · 2 wrong usage or settings
            3 the database does not answer, is lost or damaged, or does not match (this version, key, folder)
            4 the address is already in use`

/** Makes a wrong command line throw, so that it can end with our exit code; commander's own is 1. */
function throwOnExit(command: Command): void {
  command.exitOverride()
  for (const one of command.commands) throwOnExit(one)
}

/** @param onMistake told what commander says about wrong usage. */
function commandLine(onMistake: (text: string) => void): Command {
  const program = new Command('steward')
    .description('The admin plane for bots: the server and the tools to operate it.')
    .version(version)
    .helpCommand(true)
    .addHelpText('after', help)
    .configureOutput({
      writeOut: (text) => terminal().out(text),
      writeErr: (text) => terminal().err(text),
      outputError: (text, write) => {
        onMistake(text)
        write(text)
      },
    })
  program
    .command('serve')
    .description('start the server (the same as npm start)')
    .action(async () => serve(terminal().config()))
  addDataCommands(program)
  addPeopleCommands(program)
  addPersonCommand(program)
  addAuditCommands(program)
  addDoctorCommand(program)
  addKeyCommand(program)
  addBlobsCommand(program)
  addMailCommand(program)
  addCallCommand(program)
  throwOnExit(program)
  return program
}

/** Runs a command of `steward`, as `backup folder --json`, on the terminal. @throws whatever it fails with. */
export async function runCommand(args: readonly string[]): Promise<void> {
  let said = ''
  try {
    await commandLine((text) => (said = text)).parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // It has written its own text already; asking for help or the version is no mistake.
    terminal().endWith(error.exitCode === 0 ? exitCode.ok : exitCode.usage)
    if (args.includes('--json') && error.exitCode !== 0)
      show(true, { error: { code: nameOf(exitCode.usage), message: said.trim() } }, '')
  }
}
