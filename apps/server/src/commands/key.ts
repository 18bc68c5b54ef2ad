import { acceptKey, isSecretOf, NotAllOpens, replaceKey, systemClock, tryReplaceKey } from '@steward/api/server'
import type { Clock, KeyProgress, SealedAnew } from '@steward/api/server'
import { findSecret, keyFileOf, takeSecret, type Secret } from '@steward/installation'
import type { Command } from 'commander'
import { pathFromCaller, type Config } from '../config.ts'
import { count } from '../doctor/finding.ts'
import { exitCode, CliError } from '../exit.ts'
import { readKey } from '../secret-key.ts'
import { terminal } from '../terminal.ts'
import { commandConfig, note, readStdin, refuseWhileInUse, show, withApp, withJson, wrongUsage } from './io.ts'

interface ReplaceOptions {
  former?: string
  formerIsLost?: true
  dryRun?: true
  leaveClosed?: true
  whileInUse?: true
  json?: true
}

const help = `Stop all servers on this database first.

If you have the former key (for example, it was leaked, or you rotate keys), nothing is lost:
  1. Move secret.key out of the data folder, or set STEWARD_SECRET_KEY to the new key.
  2. steward key replace --former <file with the former key>
     If no key is set, a new secret.key is created. Everything is re-encrypted in one transaction: if it is
     interrupted, nothing has changed; run it again, or put the former key back.
  3. Copy the new key to where you keep the former one. Keep the former key with the backups made before: each
     backup can be restored only with the key that was in use then.
  Everybody has to sign in again, and archive links created in the last 15 minutes stop working. Tokens, bot keys,
  invitations and passwords stay valid. Anybody who had the former key and a copy of the database or a backup could
  read its secrets: in that case, also change the bots' secrets at their source and rotate their signing secrets.

If the former key is lost, what it encrypted cannot be recovered:
  steward key replace --former-is-lost
  - bots' secrets have to be set again and their signing secrets rotated,
  - second factors are removed, and people have to set them up again,
  - waiting emails are not sent, and calls that were already made cannot be safely repeated,
  - everybody has to sign in again.

In both cases, what the former key signed stays valid: the audit trail verifies as before.`

/** `key replace`: another secret key, with the former one at hand or after it was lost. */
export function addKeyCommand(program: Command): void {
  const replace = program.command('key').description('the secret key of this installation').command('replace')
  withJson(replace)
    .description(
      're-encrypt everything with another secret key, or continue with another after the former one was lost',
    )
    .option('--former <file>', 'the former key, in hex or base64; - reads it from standard input')
    .option('--dry-run', 'with --former: check whether it decrypts everything, without changing anything')
    .option(
      '--leave-closed',
      'with --former: continue even if it does not decrypt everything; the rest stays unreadable',
    )
    .option('--former-is-lost', 'confirm that you accept what is lost')
    .option('--while-in-use', 'continue even if others use the database; servers have to be restarted afterwards')
    .addHelpText('after', `\n${help}`)
    .action((options: ReplaceOptions) => {
      if (options.former !== undefined && options.formerIsLost)
        throw wrongUsage('Use either --former <file> or --former-is-lost.')
      if (options.former !== undefined) return runReplace(options.former, options)
      if (options.dryRun || options.leaveClosed)
        throw wrongUsage('--dry-run and --leave-closed require --former <file>.')
      if (!options.formerIsLost) throw wrongUsage(`Use --former <file> or --former-is-lost.\n\n${help}`)
      return runAccept(options)
    })
}

async function runAccept({ json, whileInUse }: ReplaceOptions): Promise<void> {
  if (!whileInUse) await refuseWhileInUse(commandConfig())
  await withApp(
    async ({ app, secret }) => {
      const done = await acceptKey(app)
      const keyId = app.keys.keyId
      const text = done
        ? `${madeWords(secret)}This installation now uses the key ${keyId} instead of ${done.formerKeyId}.\n` +
          `${count(done.secondFactorsRemoved, 'person has', 'people have')} to set up a second factor again.`
        : `The database already uses the key ${keyId}: nothing to do.`
      show(json, { replaced: done !== null, ...(done ?? { keyId }) }, text)
    },
    { anyKey: true },
  )
}

async function runReplace(source: string, options: ReplaceOptions): Promise<void> {
  const config = commandConfig()
  const { json, dryRun } = options
  const place = source === '-' ? 'standard input' : pathFromCaller(source)
  const bytes = readKey(source === '-' ? await readStdin('the former key') : null, place)
  if (!dryRun && !options.whileInUse) await refuseWhileInUse(config)
  await withApp(
    async ({ app, stores }) => {
      const set = findSecret(config)
      if (!(await isSecretOf(stores, bytes))) {
        if (!set || !(await isSecretOf(stores, set.bytes))) throw notTheFormer(place)
        const text = 'The database already uses the key that is set: nothing to do.'
        return show(json, { replaced: false }, text)
      }
      if (set && Buffer.from(set.bytes).equals(bytes)) throw sameKey(config, place)
      const progress = { onProgress: sayProgress(systemClock, note) }
      if (dryRun) {
        const sealed = await tryReplaceKey(app, progress)
        if (!allOpen(sealed)) terminal().endWith(exitCode.failed)
        return show(json, { replaced: false, sealed }, [...sealed.map(tryWords), 'Nothing was changed.'].join('\n'))
      }
      const secret = takeSecret(config, true)
      const leaveClosed = options.leaveClosed === true
      const done = await replaceKey(app, secret.bytes, { ...progress, leaveClosed }).catch(toldClosed)
      const text =
        `${madeWords(secret)}This installation now uses the key ${done.keyId} instead of ${done.formerKeyId}.\n` +
        `${done.sealed.map(doneWords).join('\n')}\n${count(done.sessionsEnded, 'session')} ended: everybody has to sign in again.\n` +
        'Keep the former key with the backups made before: they cannot be restored with any other.'
      return show(json, { replaced: true, ...done }, text)
    },
    { anyKey: true, secret: { bytes, from: 'file', made: false } },
  )
}

function madeWords({ made }: Secret): string {
  return made ? 'A new key file was created: keep a copy of it elsewhere.\n' : ''
}

function notTheFormer(place: string): CliError {
  return new CliError(exitCode.usage, `The key in ${place} does not match this database. Nothing was changed.`)
}

function sameKey(config: Config, place: string): CliError {
  const way = config.secretKey
    ? 'Set STEWARD_SECRET_KEY to the new one; create one with: openssl rand -hex 32'
    : `Move ${keyFileOf(config)} elsewhere: a new one is created in its place.`
  return new CliError(exitCode.usage, `The key in ${place} is the one already in use. Nothing was changed. ${way}`)
}

const allOpen = (sealed: readonly SealedAnew[]): boolean => sealed.every(({ closed }) => closed === 0)

const closedWords = ({ closed }: SealedAnew): string =>
  closed === 0 ? '' : `, ${closed} cannot be decrypted with the former key`
const tryWords = (one: SealedAnew): string => `${one.what}: ${one.sealed} can be re-encrypted${closedWords(one)}`
const doneWords = (one: SealedAnew): string => `${one.what}: ${one.sealed} re-encrypted${closedWords(one)}`

function toldClosed(cause: unknown): never {
  if (!(cause instanceof NotAllOpens)) throw cause
  throw new CliError(
    exitCode.failed,
    `Nothing was changed: the former key does not decrypt everything.\n${cause.sealed.map(tryWords).join('\n')}\n` +
      'The rest was encrypted with an older key and is unusable: set it again or delete it first, or use\n' +
      '--leave-closed to continue without it.',
    cause,
  )
}

/** A line every second, for people who wait. */
export function sayProgress(clock: Clock, say: (line: string) => void): (progress: KeyProgress) => void {
  let said = clock.now()
  return ({ what, done, total }) => {
    if (clock.now() - said < 1000) return
    said = clock.now()
    say(`${what}: ${done} of ${total} …`)
  }
}
