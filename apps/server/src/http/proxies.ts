import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import { plainAddress, type Incoming, type Log } from '@steward/api/server'

/**
 * Whose `X-Forwarded-…` headers are believed: those that this many proxies in front wrote, or those of proxies in these
 * networks (addresses, CIDR, `loopback`, `private`). 0 for nobody's.
 */
export type TrustedProxies = number | readonly string[]

/** Where a request came from, and by which address it was sent. */
export interface Routes {
  /** The caller's address, see `plainAddress`; null when the socket is gone. */
  ip(request: IncomingMessage): string | null
  /** Scheme and host that the caller used, as far as can be known here; null without a usable `Host`. */
  origin(request: IncomingMessage): string | null
}

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/**
 * Reads one entry of a list of networks.
 * @returns null for what is none, and for one that holds every address: then anybody could claim any.
 */
export function networksOf(entry: string): Network[] | null {
  const known = named[entry.toLowerCase()]
  if (known) return known.map((cidr) => ipaddr.parseCIDR(cidr))
  const address = plainAddress(entry)
  if (address === entry.toLowerCase()) {
    const parsed = ipaddr.parse(address)
    return [[parsed, parsed.kind() === 'ipv4' ? 32 : 128]]
  }
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(entry) && !ipaddr.IPv6.isValidCIDR(entry)) return null
  const network = ipaddr.parseCIDR(entry)
  return network[1] === 0 ? null : [network]
}

/** Reads where requests came from. Only the headers of trusted proxies count. */
export function createRoutes(trusted: TrustedProxies): Routes {
  const through =
    typeof trusted === 'number' ? () => trusted : hopsThrough(trusted.flatMap((one) => networksOf(one) ?? []))
  const hopsOf = (request: IncomingMessage): number =>
    trusted === 0 ? 0 : through(addressOfSocket(request), listed(request, 'x-forwarded-for'))
  const written = (request: IncomingMessage, name: string): string | undefined => {
    const hops = hopsOf(request)
    if (hops === 0) return undefined
    // The n-th entry from the right was written by the n-th proxy; what stands further left anyone can claim.
    const entries = listed(request, name)
    return entries[Math.max(0, entries.length - hops)]
  }
  return {
    ip: (request) => plainAddress(written(request, 'x-forwarded-for')) ?? addressOfSocket(request),
    origin: (request) => {
      const scheme = written(request, 'x-forwarded-proto')?.toLowerCase() === 'https' ? 'https' : 'http'
      return originOf(scheme, written(request, 'x-forwarded-host') ?? request.headers.host)
    },
  }
}

/** Read once for each connection. */
const socketAddresses = new WeakMap<object, string | null>()

function addressOfSocket({ socket }: IncomingMessage): string | null {
  let address = socketAddresses.get(socket)
  if (address === undefined) socketAddresses.set(socket, (address = plainAddress(socket.remoteAddress)))
  return address
}

/** How many proxies stand in front of the first address that is none of theirs. */
function hopsThrough(networks: readonly Network[]) {
  const isProxy = (address: string | null): boolean => {
    if (address === null) return false
    const parsed = ipaddr.parse(address)
    return networks.some((network) => network[0].kind() === parsed.kind() && parsed.match(network as never))
  }
  return (socket: string | null, seen: readonly string[]): number => {
    let hops = 0
    let last = socket
    while (isProxy(last)) {
      hops += 1
      last = plainAddress(seen[seen.length - hops])
    }
    return hops
  }
}

function listed({ headers }: IncomingMessage, name: string): string[] {
  const value = headers[name]
  return value === undefined
    ? []
    : value
        .toString()
        .split(',')
        .map((entry) => entry.trim())
}

/** A host is a name or an address with perhaps a port; whatever else stands there makes no link and equals no origin. */
function originOf(scheme: string, host: string | undefined): string | null {
  if (host === undefined || !/^[\w.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i.test(host)) return null
  const address = `${scheme}://${host}`
  return URL.canParse(address) ? new URL(address).origin : null
}

const proxyHeaders = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-real-ip', 'forwarded']

/** Looks, while no proxy is trusted, for the first request that came through one, and says in the log what that means. */
export function createProxyNotice(log: Log): (incoming: Incoming) => void {
  let isTold = false
  return (incoming) => {
    if (isTold) return
    const by = proxyHeaders.find((name) => incoming.header(name) !== undefined) ?? secureOrigin(incoming)
    if (by === undefined) return
    isTold = true
    log.warn(
      { by, ip: incoming.ip },
      `A request came through a proxy (${by}), and STEWARD_TRUST_PROXY is off: ${untrustedProxy}`,
    )
  }
}

/** Steward speaks plain http: a page on https that has our host came through a proxy that speaks https for us. */
function secureOrigin(incoming: Incoming): string | undefined {
  const origin = incoming.header('origin')
  return origin?.startsWith('https:') && incoming.header('host') === origin.slice('https://'.length)
    ? 'an origin of https'
    : undefined
}

/** What it means that nobody's headers are believed behind a proxy, and what to set. */
export const untrustedProxy =
  'everybody behind the proxy counts as one caller, so one person’s wrong passwords make everybody wait, and the audit trail shows the address of the proxy. Set it to the number of proxies in front, such as 1, or to their networks, such as loopback.'
