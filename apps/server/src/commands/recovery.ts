import type { Command } from 'commander'
import { makeRecoveryLink } from '@steward/api/server'
import { systemActor, withCaller } from './person.ts'
import { note, out, show, withApp, withJson, wrongUsage } from './io.ts'

interface ResetOptions {
  password?: true
  secondFactor?: true
  expires: string
  json?: true
}

/** `person reset` and `person sign-out`: lets anybody back in, by a link that works once, and puts anybody out. */
export function addPersonCommand(program: Command): void {
  const person = program.command('person').description('people of this installation')
  addReset(person)
  addSignOut(person)
}

function addSignOut(person: Command): void {
  withJson(person.command('sign-out'))
    .description(
      'end all sessions of a person; their devices will ask for the second factor again, their tokens stay valid',
    )
    .argument('<email>', 'the email the person signs in with')
    .action(async (email: string, { json }: { json?: true }) => {
      await withApp(async ({ app }) => {
        const done = await withCaller({ app, actor: systemActor }, (caller) => caller.me.endSessionsOf({ email }))
        show(json, done, `${done.ended === 1 ? '1 session' : `${done.ended} sessions`} of ${email} ended.`)
      })
    })
}

function addReset(person: Command): void {
  const reset = person.command('reset')
  withJson(reset)
    .description('create a one-time recovery link for a person; prints only the link, once')
    .argument('<email>', 'the email the person signs in with')
    .option('--password', 'the link sets a new password (the default)')
    .option('--second-factor', 'the link removes the second factor; with --password it does both')
    .option('--expires <hours>', 'how long the link is valid, 1 to 72 hours', '24')
    .action(async (email: string, options: ResetOptions) => {
      const { secondFactor = false } = options
      const password = options.password ?? !secondFactor
      if (!/^\d{1,2}$/.test(options.expires)) throw wrongUsage('--expires must be a number of hours from 1 to 72.')
      const expiresInHours = Number(options.expires)
      await withApp(async ({ app }) => {
        const made = await makeRecoveryLink(app, { email, password, secondFactor, expiresInHours })
        if (options.json) return show(true, made, '')
        const what = password && secondFactor ? 'password and second factor' : password ? 'password' : 'second factor'
        note(
          `Anybody with this link can reset the ${what} of ${made.email}, so give it only to them. It works once, until ${made.expiresAt}:`,
        )
        out(made.link)
      })
    })
}
