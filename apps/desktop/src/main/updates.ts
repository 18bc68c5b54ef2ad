import { readFileSync } from 'node:fs'
import { isRecord, readJson } from './files.ts'

/** What a look at the feed found, in words for the person. */
export type UpdateFound =
  | { kind: 'off'; message: string }
  | { kind: 'failed'; message: string }
  | { kind: 'current'; message: string }
  | { kind: 'newer'; message: string; version: string }

export interface UpdateOptions {
  /** Null where nobody is to be asked. */
  feed: string | null
  /** The file in which a feed can be set. */
  settings: string
  /** The running version. */
  version: string
  fetch: (address: string, init: RequestInit) => Promise<Response>
  platform?: NodeJS.Platform
  arch?: string
}

const timeLimit = 10_000
const longestFile = 64 * 1024

/** The address that the person set in `settings.json`, `{ "updateFeed": "https://…" }`; null where they set none. */
export function feedOf(settings: string): string | null {
  const value = readJson(settings)
  const feed = isRecord(value) ? value['updateFeed'] : undefined
  return typeof feed === 'string' && feed !== '' ? feed : null
}

/** The address that the build was released with, out of electron-builder's `app-update.yml`; null where it has none. */
export function releasedFeed(file: string): string | null {
  try {
    return /^url:\s*(\S+)\s*$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? null
  } catch {
    return null
  }
}

/** Reads what the newest version is. Nothing about this computer or its data is sent, and nothing is installed. */
export async function lookForUpdate(options: UpdateOptions): Promise<UpdateFound> {
  const { feed } = options
  if (feed === null)
    return {
      kind: 'off',
      message: `Steward does not check for updates. To enable this, add {"updateFeed": "https://…"} to ${options.settings}.`,
    }
  try {
    const newest = await newestOf(feed, options)
    if (compareVersions(newest, options.version) <= 0)
      return { kind: 'current', message: `You have the newest version, ${options.version}.` }
    return { kind: 'newer', version: newest, message: `Version ${newest} is available. You have ${options.version}.` }
  } catch (cause) {
    return { kind: 'failed', message: `Could not check for updates: ${(cause as Error).message}` }
  }
}

/** @throws Error in words for the person. */
async function newestOf(feed: string, { fetch, platform, arch }: UpdateOptions): Promise<string> {
  const address = fileOf(feed, platform ?? process.platform, arch ?? process.arch)
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(timeLimit) })
  if (!response.ok) throw new Error(`${address} responded with ${response.status}.`)
  const text = (await response.text()).slice(0, longestFile)
  const version = /^version:\s*['"]?(\d+\.\d+\.\d+(?:-[\w.-]+)?)['"]?\s*$/m.exec(text)?.[1]
  if (version === undefined) throw new Error(`${address} does not contain a version.`)
  return version
}

/** The file that electron-builder writes for a system. @throws Error for an address that could be changed on the way. */
function fileOf(feed: string, platform: NodeJS.Platform, arch: string): string {
  const url = URL.canParse(feed) ? new URL(feed) : null
  const isLoopback = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (!url || (url.protocol !== 'https:' && !isLoopback)) throw new Error('the feed’s URL must start with https://.')
  const linux = arch === 'x64' ? '-linux' : `-linux-${arch}`
  const system = { darwin: '-mac', win32: '' }[platform as 'darwin' | 'win32'] ?? linux
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/latest${system}.yml`
}

/** Semantic versions as far as releases need them: a version before a release is less than the release. */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [one, other].map((text) => {
    const [numbers = '', ...before] = text.split('-')
    return { numbers: numbers.split('.').map(Number), before: before.join('-') }
  }) as [{ numbers: number[]; before: string }, { numbers: number[]; before: string }]
  for (const [index, number] of first.numbers.entries()) {
    const difference = number - (second.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  if (first.before === second.before) return 0
  if (first.before === '' || second.before === '') return first.before === '' ? 1 : -1
  return first.before.localeCompare(second.before, 'en', { numeric: true })
}
