import { acceptKey, isSecretOf, NotAllOpens, replaceKey, tryReplaceKey } from '@steward/api/server'
import type { KeyProgress, SealedAnew } from '@steward/api/server'
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

With the former key at hand (it may be known to others, or it is time), nothing that is kept is lost:
  1. Move secret.key out of the data folder, or set STEWARD_SECRET_KEY to the new key.
  2. steward key replace --former <file with the former key>
     A new secret.key is made where no key is set. All that is sealed is sealed anew, in one transaction: if it is
     stopped on its way, nothing has changed; run it again, or put the former key back.
  3. Copy the new key to where you keep the former one. That stays with the backups that were made before: each
     restores with the key of its time.
  Everybody signs in again, and links to archives that were made in the last 15 minutes end. Tokens, keys of bots,
  invitations and passwords stay. Whoever had the former key and a copy of the database or a backup has read what it
  sealed: then secrets of bots have to be changed where they come from, and signing secrets rotated, too.

With the former key lost, what it sealed stays closed:
  steward key replace --former-is-lost
  - secrets of bots have to be set anew, and their signing secrets rotated,
  - second factors are removed, and their people set them up again,
  - mails that wait are not sent, calls that were made are not repeated,
  - everybody signs in again.

Either way what the former key signed keeps its worth: the audit trail verifies as before.`

/** `key replace`: another secret key, with the former one at hand or after it was lost. */
export function addKeyCommand(program: Command): void {
  const replace = program.command('key').description('the secret key of this installation').command('replace')
  withJson(replace)
    .description('seal everything anew with another secret key, or go on with another after the former was lost')
    .option('--former <file>', 'the former key, in hex or base64; - reads it from standard input')
    .option('--dry-run', 'with --former: try whether it opens all that is sealed, and change nothing')
    .option('--leave-closed', 'with --former: go on although it does not open all; the rest stays closed')
    .option('--former-is-lost', 'say that you know what it costs')
    .option('--while-in-use', 'go on although others use the database; servers have to be restarted afterwards')
    .addHelpText('after', `\n${help}`)
    .action((options: ReplaceOptions) => {
      if (options.former !== undefined && options.formerIsLost)
        throw wrongUsage('Give either --former <file> or --former-is-lost.')
      if (options.former !== undefined) return runReplace(options.former, options)
      if (options.dryRun || options.leaveClosed)
        throw wrongUsage('--dry-run and --leave-closed go with --former <file>.')
      if (!options.formerIsLost) throw wrongUsage(`Give --former <file> or --former-is-lost.\n\n${help}`)
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
        ? `${madeWords(secret)}This installation goes on with the key ${keyId} instead of ${done.formerKeyId}.\n` +
          `${count(done.secondFactorsRemoved, 'person has', 'people have')} to set up their second factor again.`
        : `The key ${keyId} is the one this database is used with: nothing had to be done.`
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
        const text = 'The key that is set is the one this database is used with: nothing had to be done.'
        return show(json, { replaced: false }, text)
      }
      if (set && Buffer.from(set.bytes).equals(bytes)) throw sameKey(config, place)
      const progress = { onProgress: sayProgress() }
      if (dryRun) {
        const sealed = await tryReplaceKey(app, progress)
        if (!allOpen(sealed)) terminal().endWith(exitCode.failed)
        return show(json, { replaced: false, sealed }, [...sealed.map(tryWords), 'Nothing was changed.'].join('\n'))
      }
      const secret = takeSecret(config, true)
      const leaveClosed = options.leaveClosed === true
      const done = await replaceKey(app, secret.bytes, { ...progress, leaveClosed }).catch(toldClosed)
      const text =
        `${madeWords(secret)}This installation goes on with the key ${done.keyId} instead of ${done.formerKeyId}.\n` +
        `${done.sealed.map(doneWords).join('\n')}\n${count(done.sessionsEnded, 'session')} ended: everybody signs in again.\n` +
        'Keep the former key with the backups that were made before: they restore with no other.'
      return show(json, { replaced: true, ...done }, text)
    },
    { anyKey: true, secret: { bytes, from: 'file', made: false } },
  )
}

function madeWords({ made }: Secret): string {
  return made ? 'A new key file was made: keep a copy of it elsewhere.\n' : ''
}

function notTheFormer(place: string): CliError {
  return new CliError(
    exitCode.usage,
    `The key in ${place} is not the one that this database was used with. Nothing was changed.`,
  )
}

function sameKey(config: Config, place: string): CliError {
  const way = config.secretKey
    ? 'Set STEWARD_SECRET_KEY to the new one; make one with: openssl rand -hex 32'
    : `Move ${keyFileOf(config)} elsewhere: a new one is made in its place.`
  return new CliError(exitCode.usage, `The key in ${place} is the one that is set. Nothing was changed. ${way}`)
}

const allOpen = (sealed: readonly SealedAnew[]): boolean => sealed.every(({ closed }) => closed === 0)

const closedWords = ({ closed }: SealedAnew): string => (closed === 0 ? '' : `, ${closed} the former key does not open`)
const tryWords = (one: SealedAnew): string => `${one.what}: ${one.sealed} can be sealed anew${closedWords(one)}`
const doneWords = (one: SealedAnew): string => `${one.what}: ${one.sealed} sealed anew${closedWords(one)}`

function toldClosed(cause: unknown): never {
  if (!(cause instanceof NotAllOpens)) throw cause
  throw new CliError(
    exitCode.failed,
    `Nothing was changed: the former key does not open all that is sealed.\n${cause.sealed.map(tryWords).join('\n')}\n` +
      'What it does not open was sealed with a key before it, and is of no use: set it anew or delete it first, or give\n' +
      '--leave-closed to go on without it.',
    cause,
  )
}

/** Says now and then how far it is, where there is much to do. */
function sayProgress(): (progress: KeyProgress) => void {
  let saidAt = performance.now()
  return ({ what, done, total }) => {
    if (performance.now() - saidAt < 1000) return
    saidAt = performance.now()
    note(`${what}: ${done} of ${total} …`)
  }
}
