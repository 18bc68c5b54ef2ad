import { resolve } from 'node:path'
import { z } from 'zod'
import { networksOf, type TrustedProxies } from './http/proxies.ts'
import { mailFrom, type MailSettings, smtpUrl } from './mail/settings.ts'
import { isThisComputer } from './this-computer.ts'

/** A single sign-on provider (OpenID Connect), as given in STEWARD_OIDC. */
export interface OidcProvider {
  /** Part of the callback address: `<public url>/auth/callback/<id>`. */
  id: string
  /** What the sign-in page calls it. */
  name: string
  /** Where the provider describes itself: `<issuer>/.well-known/openid-configuration`. */
  discoveryUrl: string
  /** What it calls itself, to the letter; absent when `discoveryUrl` says it. */
  issuer?: string
  clientId: string
  clientSecret?: string
  scopes: string[]
  /** Takes every email of this provider as verified. */
  trustsEmail: boolean
  /** Asks for no second factor of ours after it: the provider asks for one itself. */
  trustsSecondFactor: boolean
}

/** Everything that can be set from outside, checked. Absent things are null. */
export interface Config {
  host: string
  /** 0 lets the system choose. */
  port: number
  /** Absolute path: embedded databases, bodies of bots, the key file. */
  dataFolder: string
  /** postgres://… instead of the embedded database. */
  databaseUrl: string | null
  /** Where people reach this installation: scheme and host, without a slash at the end. */
  publicUrl: string | null
  logLevel: (typeof logLevels)[number]
  /** At least 32 bytes. */
  secretKey: Uint8Array | null
  signUp: 'invited' | 'open'
  /** Whether nobody gets anywhere without a second factor. */
  secondFactorRequired: boolean
  oidc: OidcProvider[]
  /** Origins of browsers that may call with credentials, beside the public address itself. */
  allowedOrigins: string[]
  /** Whose X-Forwarded-… headers are believed. */
  trustedProxies: TrustedProxies
  /** Requests per second of one caller; 0 = no limit. */
  rateLimit: number
  /** File that signed audit checkpoints are also written to. */
  auditCheckpoints: string | null
  /** Whether `/metrics` is answered. */
  metrics: boolean
  /** Null sends no mail: links are shown to who made them. */
  mail: MailSettings | null
  /** Things that are odd but no reason to stop. */
  warnings: string[]
}

/** The environment cannot be used; `problems` has one line for each variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(['Steward cannot start with these settings:', ...problems.map((problem) => `  - ${problem}`)].join('\n'))
    this.problems = problems
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const whole = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN)
const wholeNumber = (least: number, most: number, what: string) =>
  z.string().transform(whole).pipe(z.number(what).min(least, what).max(most, what))

const httpUrl = 'must be a URL that starts with http:// or https://, such as https://steward.example.org'
const httpAddress = z.url({ protocol: /^https?$/, error: httpUrl })

/** People prove by it who they are, so that nobody on the way may change a word. */
const providerAddress = httpAddress.refine(
  (text) => !URL.canParse(text) || text.startsWith('https:') || isThisComputer(new URL(text).hostname),
  'must start with https://; http:// is allowed only for this computer',
)

const databaseUrl = z
  .string()
  .refine(
    (text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text),
    'must start with postgres://, such as postgres://user:password@host:5432/database. If it is not set, the embedded database is used',
  )
  .refine(decodes, 'has an invalid % code: write % as %25 in user and password (percent-encoding)')

/** The parts of an address are percent-encoded; one that is not would fail only when it is used. */
function decodes(text: string): boolean {
  try {
    const { username, password, pathname } = new URL(text)
    return [username, password, pathname].every((part) => decodeURIComponent(part) !== null)
  } catch (error) {
    return !(error instanceof URIError)
  }
}

/** Hex or base64. */
export const secretKey = z.string().transform((text, ctx) => {
  const key = /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : fromBase64(text)
  if (key && key.length >= 32) return new Uint8Array(key)
  ctx.addIssue({
    code: 'custom',
    message: 'must be at least 32 random bytes in hex or base64; create one with: openssl rand -hex 32',
  })
  return z.NEVER
})

function fromBase64(text: string): Buffer | null {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null
}

const origins = z.string().transform((text, ctx) =>
  text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => {
      const origin = URL.canParse(part) ? new URL(part).origin : 'null'
      if (origin === 'null')
        ctx.addIssue({
          code: 'custom',
          message: `contains "${part}", which is not an origin such as https://app.example.org`,
        })
      return origin
    }),
)

const wellKnown = '/.well-known/openid-configuration'

const provider = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{1,40}$/, 'can have up to 40 lowercase letters, digits and hyphens'),
    name: z.string().min(1).max(100).optional(),
    issuer: providerAddress.optional(),
    discoveryUrl: providerAddress.optional(),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1).optional(),
    scopes: z.array(z.string()).default(['openid', 'email', 'profile']),
    trustsEmail: z.boolean().default(false),
    trustsSecondFactor: z.boolean().default(false),
  })
  .refine((given) => given.issuer ?? given.discoveryUrl, 'needs "issuer" or "discoveryUrl"')
  .refine(
    (given) => given.issuer !== undefined || given.discoveryUrl?.endsWith(wellKnown) !== false,
    `needs "issuer" too, because its "discoveryUrl" does not end with ${wellKnown}`,
  )
  .transform(({ issuer, discoveryUrl, name, clientSecret, ...rest }): OidcProvider => ({
    ...rest,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    name: name ?? rest.id,
    ...(issuer === undefined ? {} : { issuer }),
    discoveryUrl: discoveryUrl ?? `${(issuer ?? '').replace(/\/$/, '')}${wellKnown}`,
  }))

const oidc = z
  .string()
  .transform((text, ctx) => {
    try {
      const value: unknown = JSON.parse(text)
      return Array.isArray(value) ? (value as unknown[]) : [value]
    } catch {
      ctx.addIssue({ code: 'custom', message: 'must be JSON: one provider or a list of them' })
      return z.NEVER
    }
  })
  .pipe(z.array(provider))

const proxies = z.string().transform((text, ctx): TrustedProxies => {
  const hops = whole({ true: '1', on: '1', false: '0', off: '0' }[text.toLowerCase()] ?? text)
  if (hops <= 10) return hops
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '')
  const wrong = entries.filter((entry) => networksOf(entry) === null)
  if (wrong.length === 0) return entries
  const what = 'must be off, the number of proxies in front (1 to 10), or their addresses and networks'
  ctx.addIssue({ code: 'custom', message: `${what}, such as "loopback, 10.0.0.0/8"; "${wrong[0]}" is none of these` })
  return z.NEVER
})

const port = z.string().transform((text, ctx) => {
  const number = whole(text)
  if (number <= 65_535) return number
  ctx.addIssue({
    code: 'custom',
    message: /^(tcp|udp|sctp):\/\//.test(text)
      ? `is "${text}", which Kubernetes sets automatically for a Service called "steward". Set "enableServiceLinks: false" in the pod's spec, or give the Service another name; a port is a number such as 7420`
      : 'must be a port from 0 to 65535 (0 = any free one), such as 7420',
  })
  return z.NEVER
})

/** What Kubernetes and Docker set beside, for Services whose names begin with "steward". */
const serviceVariable = /^STEWARD_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/

const publicUrl = httpAddress
  .refine((text) => !/[?#@]/.test(text), 'must be only a URL, without a user, "?" or "#"')
  .transform((text, ctx) => {
    const { origin, pathname } = new URL(text)
    if (/^\/+$/.test(pathname)) return origin
    ctx.addIssue({
      code: 'custom',
      message: `must end after the host: Steward is not served under a path such as "${pathname}". Use a separate host name, such as https://steward.example.org`,
    })
    return z.NEVER
  })

const variables = z.object({
  STEWARD_HOST: z.string().default('127.0.0.1'),
  STEWARD_PORT: port.default(7420),
  STEWARD_DATA: z.string().nullable().default(null),
  STEWARD_DATABASE_URL: databaseUrl.nullable().default(null),
  STEWARD_PUBLIC_URL: publicUrl.nullable().default(null),
  STEWARD_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  STEWARD_SECRET_KEY: secretKey.nullable().default(null),
  STEWARD_SIGN_UP: z.enum(['invited', 'open'], 'must be "invited" or "open"').default('invited'),
  STEWARD_SECOND_FACTOR: z.enum(['optional', 'required'], 'must be "optional" or "required"').default('optional'),
  STEWARD_OIDC: oidc.default([]),
  STEWARD_ALLOWED_ORIGINS: origins.default([]),
  STEWARD_TRUST_PROXY: proxies.default(0),
  STEWARD_RATE_LIMIT: wholeNumber(0, 1_000_000, 'must be requests per second, a whole number (0 = no limit)').default(
    100,
  ),
  STEWARD_AUDIT_CHECKPOINTS: z.string().nullable().default(null),
  STEWARD_SMTP_URL: smtpUrl.nullable().default(null),
  STEWARD_MAIL_FROM: mailFrom.nullable().default(null),
  STEWARD_METRICS: z.enum(['off', 'on'], 'must be "off" or "on"').default('off'),
})

/** Names of the variables that Steward reads. */
export const variableNames: readonly string[] = Object.keys(variables.shape)

/** This program's own folder, in which npm runs its scripts wherever it was called. */
const checkout = resolve(import.meta.dirname, '../../..')

/** Where the person stood who started this: npm has left that place, and tells it in INIT_CWD. */
function callersFolder(environment: Record<string, string | undefined>, workingFolder: string): string {
  return (workingFolder === checkout && environment['INIT_CWD']) || workingFolder
}

/** A path as the person who started this process gave it, made absolute. */
export function pathFromCaller(path: string): string {
  return resolve(callersFolder(process.env, process.cwd()), path)
}

/**
 * Checks the environment. Empty variables count as absent. Relative paths are taken from `workingFolder`, under npm from
 * where it was called; what nobody named lies in `workingFolder`.
 * @throws ConfigError that lists every wrong variable, without the values of secret ones.
 */
export function readConfig(environment: Record<string, string | undefined>, workingFolder: string): Config {
  const ours = Object.entries(environment).filter(([name, value]) => name.startsWith('STEWARD_') && value?.trim())
  const parsed = variables.safeParse(Object.fromEntries(ours.map(([name, value]) => [name, value?.trim()])))
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(asLine))
  const env = parsed.data
  if (env.STEWARD_SMTP_URL && !env.STEWARD_MAIL_FROM)
    throw new ConfigError(['STEWARD_MAIL_FROM is missing: mail needs a sender, such as Steward <steward@example.org>'])
  const at = (path: string): string => resolve(callersFolder(environment, workingFolder), path)
  return {
    host: env.STEWARD_HOST,
    port: env.STEWARD_PORT,
    dataFolder: env.STEWARD_DATA === null ? resolve(workingFolder, '.data') : at(env.STEWARD_DATA),
    databaseUrl: env.STEWARD_DATABASE_URL,
    publicUrl: env.STEWARD_PUBLIC_URL,
    logLevel: env.STEWARD_LOG_LEVEL,
    secretKey: env.STEWARD_SECRET_KEY,
    signUp: env.STEWARD_SIGN_UP,
    secondFactorRequired: env.STEWARD_SECOND_FACTOR === 'required',
    oidc: env.STEWARD_OIDC,
    allowedOrigins: env.STEWARD_ALLOWED_ORIGINS,
    trustedProxies: env.STEWARD_TRUST_PROXY,
    rateLimit: env.STEWARD_RATE_LIMIT,
    auditCheckpoints: env.STEWARD_AUDIT_CHECKPOINTS === null ? null : at(env.STEWARD_AUDIT_CHECKPOINTS),
    mail: env.STEWARD_SMTP_URL && env.STEWARD_MAIL_FROM && { ...env.STEWARD_SMTP_URL, from: env.STEWARD_MAIL_FROM },
    metrics: env.STEWARD_METRICS === 'on',
    warnings: [
      ...ours
        .filter(([name]) => !variableNames.includes(name) && !serviceVariable.test(name))
        .map(([name]) => `${name} is not a setting of Steward and is ignored.`),
      ...(env.STEWARD_DATABASE_URL === null ? [] : unsafeWayTo(env.STEWARD_DATABASE_URL)),
    ],
  }
}

/** What is odd about the way to a database on another machine. */
function unsafeWayTo(address: string): string[] {
  const { hostname, searchParams: query } = new URL(address)
  const host = query.get('host') ?? hostname
  if (host === '' || host.startsWith('/') || host.startsWith('%2F') || isThisComputer(host)) return []
  const mode = query.get('sslmode')
  const advice = 'Add ?sslmode=verify-full to STEWARD_DATABASE_URL, unless you trust the network between them.'
  if (mode === 'no-verify')
    return [
      `The certificate of the database at ${host} is not verified, so anybody on the network could impersonate it. ${advice}`,
    ]
  const encrypts = mode !== null && mode !== 'disable'
  if (encrypts || ['true', '1'].includes(query.get('ssl') ?? '')) return []
  return [`The connection to the database at ${host} is not encrypted. ${advice}`]
}

function asLine(issue: z.core.$ZodIssue): string {
  const [name, ...inside] = issue.path.map(String)
  return `${name ?? 'environment'}${inside.length > 0 ? ` (at ${inside.join('.')})` : ''} ${issue.message}`
}

/** `readConfig` of this process. */
export function configOfProcess(): Config {
  return readConfig(process.env, process.cwd())
}
