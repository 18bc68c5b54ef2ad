import type { Command } from 'commander'
import { createOwner, systemClock } from '@steward/api/server'
import { actorOfEmail, withCaller } from './person.ts'
import { note, out, readStdin, show, withApp, withJson, wrongUsage } from './io.ts'

/** `owner create`, `workspace create`, `token create`: what a script needs to get in. */
export function addPeopleCommands(program: Command): void {
  addOwner(program)
  addWorkspace(program)
  addToken(program)
}

interface OwnerOptions {
  email: string
  name?: string
  passwordStdin?: true
  keepFirstToken?: true
  json?: true
}

function addOwner(program: Command): void {
  const create = program.command('owner').description('the person who operates this installation').command('create')
  withJson(create)
    .description('make the owner (or claim the one made at first start); ends the first-run set-up')
    .requiredOption('--email <email>', 'what the owner signs in with')
    .option('--name <name>', 'what the owner is called')
    .option('--password-stdin', 'read the password from standard input')
    .option('--keep-first-token', 'leave the token printed at the first start good, for a week')
    .action(async ({ email, name, passwordStdin, keepFirstToken, json }: OwnerOptions) => {
      // A password among the arguments would be seen in the process list and kept in the shell's history.
      if (!passwordStdin) throw wrongUsage('Give --password-stdin and the password on standard input.')
      const password = await readStdin('the password')
      await withApp(
        async ({ app }) => {
          const made = await createOwner(app, {
            email,
            password,
            ...(name !== undefined && { name }),
            ...(keepFirstToken && { keepFirstToken }),
          })
          show(json, { ...made, email }, `${email} owns this installation now and can sign in.`)
        },
        { mayBeNew: true },
      )
    })
}

function addWorkspace(program: Command): void {
  const create = program.command('workspace').description('workspaces').command('create')
  withJson(create)
    .description("make a workspace in a person's own account; prints its id")
    .requiredOption('--email <email>', 'who will own it')
    .requiredOption('--name <name>', 'its name')
    .action(async ({ email, name, json }: { email: string; name: string; json?: true }) => {
      await withApp(async ({ app, stores }) => {
        const actor = await actorOfEmail(stores, email)
        const made = await withCaller({ app, actor }, (caller) => caller.workspace.create({ name }))
        show(json, made, made.id)
      })
    })
}

interface TokenOptions {
  email: string
  note: string
  scopes?: string
  workspace?: string
  expires?: string
  json?: true
}

function addToken(program: Command): void {
  const create = program.command('token').description('personal access tokens').command('create')
  withJson(create)
    .description('make a personal access token; prints the token alone, this once')
    .requiredOption('--email <email>', 'whose token')
    .requiredOption('--note <note>', 'what it is for')
    .option('--scopes <list>', 'what it may do, such as bot:read,version:write; without it, all the person may')
    .option('--workspace <id>', 'the only workspace it may touch')
    .option('--expires <when>', 'when it ends: a date, a time in ISO 8601, or a number of days such as 90d')
    .action(async (options: TokenOptions) => {
      const expiresAt = options.expires === undefined ? undefined : expiryOf(options.expires, systemClock.now())
      const scopes = options.scopes?.split(/[\s,]+/).filter((scope) => scope !== '')
      await withApp(async ({ app, stores }) => {
        const actor = await actorOfEmail(stores, options.email)
        const { pat } = await withCaller({ app, actor }, (caller) =>
          caller.me.createToken({
            note: options.note,
            ...(scopes ? { scopes } : {}),
            ...(options.workspace === undefined ? {} : { boundWorkspaceId: options.workspace }),
            ...(expiresAt === undefined ? {} : { expiresAt }),
          }),
        )
        if (options.json) return show(true, pat, '')
        note(
          `Token "${pat.note}" of ${options.email}${expiresAt ? `, good until ${expiresAt}` : ''}. It is not shown again:`,
        )
        out(pat.value)
      })
    })
}

/** ISO 8601 of `90d` from now, of a date (its end, UTC) or of a time. @throws CliError for anything else. */
export function expiryOf(text: string, now: number): string {
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  if (days !== undefined) return new Date(now + Number(days) * 86_400_000).toISOString()
  const time = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999Z` : text)
  if (Number.isNaN(time) || !/^\d{4}-/.test(text))
    throw wrongUsage(`--expires takes 90d, 2027-01-31 or 2027-01-31T12:00:00Z, not "${text}".`)
  return new Date(time).toISOString()
}
