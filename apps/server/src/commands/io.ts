import { isInUse, type OpenInstallation, type Secret } from '@steward/installation'
import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { exitCode, CliError } from '../exit.ts'
import { createLog } from '../log.ts'
import { openApp } from '../open.ts'
import { terminal } from '../terminal.ts'

/** Writes a line for people or scripts to stdout. */
export function out(text: string): void {
  terminal().out(`${text}\n`)
}

/** Writes a line about what is going on to stderr, where it never mixes with a result. */
export function note(text: string): void {
  terminal().err(`${text}\n`)
}

/** Prints the result: as one JSON document with `--json`, else as the text for people. */
export function show(json: boolean | undefined, value: unknown, text: string): void {
  out(json ? JSON.stringify(value, null, 2) : text)
}

/** Gives a command the option `--json`. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON document instead of text')
}

/** Everything after the option's parsing that a command may say is wrong with its usage. */
export function wrongUsage(message: string): CliError {
  return new CliError(exitCode.usage, message)
}

/** The settings for a command: as of the server, but quiet unless a level was asked for. */
export function commandConfig(): Config {
  const config = terminal().config()
  return config.logLevel === 'info' ? { ...config, logLevel: 'warn' } : config
}

interface AppContextOptions {
  /** Makes the database where there is none. */
  mayBeNew?: boolean
  /** Goes on although the blobs that the database names are gone. */
  acceptLoss?: boolean
  /** Takes a key that the database was not used with. */
  anyKey?: boolean
  /** This key instead of the one that is set. */
  secret?: Secret
}

/** @throws CliError when a server or another process uses the database. */
export async function refuseWhileInUse(config: Config): Promise<void> {
  if (await isInUse(config))
    throw new CliError(
      exitCode.failed,
      'Steward is running on this database. Nothing was changed. Stop all servers, and the desktop app, first;\n' +
        'if none is running (a connection pool may keep connections for a while), add --while-in-use.',
    )
}

/** Opens the app for the time of `work`; the server may be running on it. @throws InstallationFault where there is none. */
export async function withApp<T>(
  work: (open: OpenInstallation & { config: Config }) => Promise<T>,
  { mayBeNew = false, anyKey = false, acceptLoss = false, secret }: AppContextOptions = {},
): Promise<T> {
  const config = commandConfig()
  const opened = await openApp(config, createLog(config), {
    existing: !mayBeNew,
    anyKey,
    acceptLoss,
    ...(secret && { secret }),
    onProgress: (progress) => {
      if (progress.step === 'done') note(`Migrated the ${progress.store} database: ${progress.name}.`)
    },
  })
  try {
    return await work({ ...opened, config })
  } finally {
    await opened.close()
  }
}

/** All of stdin as text, without a line end at its end. @throws CliError when it is empty or a terminal. */
export async function readStdin(what: string): Promise<string> {
  const { stdin } = terminal()
  if (stdin.isTTY) throw wrongUsage(`Pass ${what} on standard input, for example: printf %s "$VALUE" | steward …`)
  const chunks: Buffer[] = []
  for await (const chunk of stdin) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  if (text === '') throw wrongUsage(`Standard input is empty. Pass ${what}.`)
  return text
}
