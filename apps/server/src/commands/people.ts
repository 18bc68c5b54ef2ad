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
    .description('create the owner (or claim the installation after its first start); ends the first-run setup')
    .requiredOption('--email <email>', 'the email the owner signs in with')
    .option('--name <name>', 'the name of the owner')
    .option('--password-stdin', 'read the password from standard input')
    .option('--keep-first-token', 'keep the token printed at the first start valid, for a week')
    .action(async ({ email, name, passwordStdin, keepFirstToken, json }: OwnerOptions) => {
      // A password among the arguments would be seen in the process list and kept in the shell's history.
      if (!passwordStdin) throw wrongUsage('Use --password-stdin and pass the password on standard input.')
      const password = await readStdin('the password')
      await withApp(
        async ({ app }) => {
          const made = await createOwner(app, {
            email,
            password,
            ...(name !== undefined && { name }),
            ...(keepFirstToken && { keepFirstToken }),
          })
          show(json, { ...made, email }, `${email} now owns this installation and can sign in.`)
        },
        { mayBeNew: true },
      )
    })
}

function addWorkspace(program: Command): void {
  const create = program.command('workspace').description('workspaces').command('create')
  withJson(create)
    .description("create a workspace in a person's own account; prints its id")
    .requiredOption('--email <email>', 'the email of its owner')
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
    .description('create a personal access token; prints only the token, once')
    .requiredOption('--email <email>', 'the email of the person it acts for')
    .requiredOption('--note <note>', 'what it is for')
    .option('--scopes <list>', 'what it can do, such as bot:read,version:write (default: everything the person can)')
    .option('--workspace <id>', 'the only workspace it can access')
    .option('--expires <when>', 'when it expires: a date, a time in ISO 8601, or a number of days such as 90d')
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
          `Token "${pat.note}" of ${options.email}${expiresAt ? `, valid until ${expiresAt}` : ''}. It is not shown again:`,
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
    throw wrongUsage(
      `--expires must be a number of days, a date or a time, such as 90d, 2027-01-31 or 2027-01-31T12:00:00Z, not "${text}".`,
    )
  return new Date(time).toISOString()
}
