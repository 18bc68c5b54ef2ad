import type { Log } from '@steward/api/server'
import {
  openInstallation,
  type AppParts,
  type OpenInstallation,
  type OpenOptions as InstallationOptions,
} from '@steward/installation'
import { networkInterfaces } from 'node:os'
import type { Config } from './config.ts'
import { createSmtpMailer, type MailOutcome } from './mail/smtp.ts'

/** What the settings add to an app. */
interface AppOptions {
  /** The address the app tells people, where STEWARD_PUBLIC_URL does not. */
  publicUrl?: string
  /** Told of each try to send a mail. */
  mailed?: (outcome: MailOutcome) => void
}

export type OpenOptions = InstallationOptions & AppOptions

/** Opens what the settings name, ready to be worked on. @throws what `openInstallation` throws. */
export function openApp(config: Config, log: Log, options: OpenOptions = {}): Promise<OpenInstallation> {
  return openInstallation(config, appParts(config, log, options), options)
}

/** The parts of an app that come from the settings. */
export function appParts(config: Config, log: Log, { publicUrl, mailed }: AppOptions = {}): AppParts {
  return {
    log,
    settings: {
      publicUrl: config.publicUrl ?? publicUrl ?? addressOf(config.host, config.port),
      publicUrlIsGuess: config.publicUrl === null,
      signUp: config.signUp,
      secondFactorRequired: config.secondFactorRequired,
    },
    signIn: { providers: config.oidc },
    ...(config.mail && { mailer: createSmtpMailer(config.mail, { ...(mailed && { observe: mailed }) }) }),
  }
}

/** Whether this host stands for every address of the machine. */
export const isAnyAddress = (host: string): boolean => /^(0\.0\.0\.0|::|\[::\])$/.test(host)

/** The address to reach a listening host under; "any address" is reached from elsewhere by one of the network's. */
export function addressOf(host: string, port: number, interfaces = networkInterfaces()): string {
  const name = isAnyAddress(host) ? addressInNetwork(interfaces) : host
  return `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`
}

/** The first address that is not this machine's alone, IPv4 before IPv6; without a network, the machine's own. */
function addressInNetwork(interfaces: ReturnType<typeof networkInterfaces>): string {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? [])
  // fe80:: needs a zone, which browsers do not take.
  const others = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
  return (others.find(({ family }) => family === 'IPv4') ?? others[0])?.address ?? '127.0.0.1'
}
