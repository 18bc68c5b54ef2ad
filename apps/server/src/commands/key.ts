import { acceptKey } from '@steward/api/server'
import type { Command } from 'commander'
import { count } from '../doctor/finding.ts'
import { show, withHouse, withJson, wrongUsage } from './io.ts'

const cost = `The former key cannot be had back by this. What it sealed stays closed:
  - secrets of bots have to be set anew, and their signing secrets rotated,
  - second factors are removed, and their people set them up again,
  - everybody signs in again.
What it signed keeps its worth: the audit trail verifies as before. Stop all servers on this database first.`

/** `key replace`: the way on after the secret key was lost. */
export function addKeyCommand(program: Command): void {
  const replace = program.command('key').description('the secret key of this installation').command('replace')
  withJson(replace)
    .description('go on with the key that is set, or with a new one where none is, after the former was lost')
    .option('--former-is-lost', 'say that you know what it costs')
    .addHelpText('after', `\n${cost}`)
    .action(async ({ formerIsLost, json }: { formerIsLost?: true; json?: true }) => {
      if (!formerIsLost) throw wrongUsage(`${cost}\nTo do it, give --former-is-lost.`)
      await withHouse(
        async ({ house, secret }) => {
          const done = await acceptKey(house)
          const keyId = house.keys.keyId
          const made = secret.made ? 'A new key file was made: keep a copy of it elsewhere.\n' : ''
          const text = done
            ? `${made}This installation goes on with the key ${keyId} instead of ${done.formerKeyId}.\n` +
              `${count(done.secondFactorsRemoved, 'person has', 'people have')} to set up their second factor again.`
            : `The key ${keyId} is the one this database is used with: nothing had to be done.`
          show(json, { replaced: done !== null, ...(done ?? { keyId }) }, text)
        },
        { anyKey: true },
      )
    })
}
