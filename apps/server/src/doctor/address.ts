import type { Config } from '../config.ts'
import { untrustedProxy } from '../http/proxies.ts'
import { addressOf, isAnyAddress } from '../open.ts'
import { ok, warn, type Finding } from './finding.ts'

/** Whether the settings fit how people reach the installation, as far as settings alone tell. */
export function checkAddress({ publicUrl, host, port, trustedProxies }: Config): Finding {
  const name = 'address'
  if (publicUrl?.startsWith('https:') && trustedProxies === 0)
    return warn(
      name,
      `people reach it at ${publicUrl}, so a proxy speaks https for it, and STEWARD_TRUST_PROXY is off`,
      `${untrustedProxy[0]?.toUpperCase()}${untrustedProxy.slice(1)}`,
    )
  if (publicUrl === null && isAnyAddress(host))
    return ok(
      name,
      `any of this machine, such as ${addressOf(host, port)}; STEWARD_PUBLIC_URL would name one for links`,
    )
  return ok(name, publicUrl ?? addressOf(host, port))
}
