import ipaddr from 'ipaddr.js'

/**
 * An IP address as it is kept and compared: IPv4 in four decimals, IPv6 shortened and in lower case (RFC 5952), without
 * zone. What proxies write around it is taken off: ports, brackets, quotes; IPv4 inside of IPv6 becomes IPv4.
 * @returns null for what is no address.
 */
export function plainAddress(text: string | undefined): string | null {
  if (text === undefined) return null
  const bare = unwrapped(text.trim())
  if (isFourDecimals(bare)) return bare
  const [address = ''] = bare.split('%')
  return address.includes(':') && ipaddr.IPv6.isValid(address) ? ipaddr.process(address).toString() : null
}

/** Not by the library: it throws for what is none, and that costs more than all the rest of a small call. */
const isFourDecimals = (text: string): boolean =>
  /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255)

/** `"[2001:db8::1]:4711"` → `2001:db8::1`, `192.0.2.1:4711` → `192.0.2.1`. */
function unwrapped(text: string): string {
  const plain = /^"(.*)"$/.exec(text)?.[1] ?? text
  return (/^\[([^\]]*)\](?::\d+)?$/.exec(plain) ?? /^([\d.]+):\d+$/.exec(plain))?.[1] ?? plain
}

/** Callers without a credential are told apart by address; IPv6 by its /64, which one household owns whole. */
export function addressKey(ip: string | null): string {
  const address = plainAddress(ip ?? undefined)
  if (address === null) return 'ip:unknown'
  if (!address.includes(':')) return `ip:${address}`
  const groups = ipaddr.IPv6.parse(address).parts.slice(0, 4)
  return `ip:${groups.map((group) => group.toString(16)).join(':')}`
}
