/** Why a mutant that no test notices is left so. */
export interface Answer {
  /** Path from the root of the repository. */
  readonly file: string
  /** The code and what it became, on one line. */
  readonly original: string
  readonly replacement: string
  /** True when it makes no difference that anybody can see: such a mutant is not counted. */
  readonly equivalent: boolean
  readonly why: string
}

/** Mutants that went by unseen, answered one by one. A mutant that deserves a test gets the test, not an answer. */
export const answers: readonly Answer[] = [
  {
    file: 'packages/db/src/dialect/sqlite-copy.ts',
    original: 'syncToDisk(partial)',
    replacement: ';',
    equivalent: false,
    why: 'Whether bytes have reached the disk shows only when the power fails; no test here can cut it.',
  },
  {
    file: 'packages/db/src/dialect/sqlite-copy.ts',
    original: 'fsyncSync(descriptor)',
    replacement: ';',
    equivalent: false,
    why: 'Whether bytes have reached the disk shows only when the power fails; no test here can cut it.',
  },
  {
    file: 'packages/db/src/dialect/sqlite-copy.ts',
    original: '{ fsyncSync(descriptor) }',
    replacement: '{}',
    equivalent: false,
    why: 'Whether bytes have reached the disk shows only when the power fails; no test here can cut it.',
  },
  {
    file: 'packages/db/src/dialect/sqlite-copy.ts',
    original: "codeOf(error).startsWith('SQLITE_CORRUPT')",
    replacement: "codeOf(error).endsWith('SQLITE_CORRUPT')",
    equivalent: false,
    why: 'The longer codes are for virtual tables and sequences, which the schema has none of, and for index entries missing at a delete, which no copy does.',
  },
  {
    file: 'packages/api/src/json-schema/values/format.ts',
    original: "(Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1)",
    replacement: "(Number(offsetHour) * 60 + Number(offsetMinute)) / (sign === '-' ? -1 : 1)",
    equivalent: true,
    why: 'Multiplied or divided by one or minus one, a number is the same.',
  },
  {
    file: 'packages/api/src/people/sign-in/scrypt.ts',
    original: 'formerSalt === undefined || formerKey === undefined',
    replacement: 'formerSalt === undefined && formerKey === undefined',
    equivalent: true,
    why: 'The expression finds both or neither; the compiler wants to hear of both.',
  },
  {
    file: 'packages/api/src/core/installation/installation.ts',
    original: 'state.owner === null',
    replacement: 'true',
    equivalent: true,
    why: 'A foreign owner was refused before, so the one there is this installation: the same id is written once more.',
  },
  {
    file: 'packages/api/src/people/me/token.service.ts',
    original: "actor.kind === 'user' && actor.credential.kind === 'token'",
    replacement: 'true',
    equivalent: true,
    why: 'Who acts for oneself is a person, and of all credentials only a token has a hash; the compiler wants to hear it.',
  },
  {
    file: 'packages/api/src/people/me/token.service.ts',
    original: "actor.kind === 'user'",
    replacement: 'true',
    equivalent: true,
    why: 'Who acts for oneself is a person; the compiler wants to hear it.',
  },
  {
    file: 'packages/api/src/people/recovery/use.service.ts',
    original: '(await findPerson.first(db, { userId: makerId }))?.operator',
    replacement: '(await findPerson.first(db, { userId: makerId })).operator',
    equivalent: false,
    why: 'A link ends with its maker; only one who is deleted between the two reads of one call shows it.',
  },
  {
    file: 'packages/api/src/people/workspace/workspace.service.ts',
    original: 'website !== undefined',
    replacement: 'true',
    equivalent: true,
    why: 'An update leaves alone what is undefined.',
  },
  {
    file: 'packages/api/src/people/sign-in/oauth-sign-up-adapter.ts',
    original: "(value: unknown): string => (typeof value === 'string' ? value : '')",
    replacement: '() => undefined',
    equivalent: false,
    why: 'The file is first loaded inside of one test, so Stryker asks that one alone: put in by hand, five of oidc.test.ts see it.',
  },
  {
    file: 'packages/api/src/transport/port.ts',
    original: 'port?.postMessage',
    replacement: 'port.postMessage',
    equivalent: true,
    why: 'What is sent over a port is forgotten with it, so nothing is posted while there is none; the compiler wants to hear it.',
  },
  {
    file: 'apps/server/src/commands/call.ts',
    original: '{ await api.close() }',
    replacement: '{}',
    equivalent: true,
    why: 'It ends the threads that read bodies; a call in this process starts none.',
  },
  {
    file: 'apps/server/src/http/listen.ts',
    original: 'at < rawHeaders.length',
    replacement: 'at <= rawHeaders.length',
    equivalent: true,
    why: 'What it looks at beyond the end is undefined, which is no Host.',
  },
  {
    file: 'packages/db/src/dialect/sqlite-store.ts',
    original: 'performance.now() > deadline',
    replacement: 'performance.now() >= deadline',
    equivalent: true,
    why: 'It tells apart only the very instant of the deadline, on a clock of nanoseconds.',
  },
]
