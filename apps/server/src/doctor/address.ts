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
      `the public URL is ${publicUrl}, so there is an HTTPS proxy in front, but STEWARD_TRUST_PROXY is off`,
      `${untrustedProxy[0]?.toUpperCase()}${untrustedProxy.slice(1)}`,
    )
  if (publicUrl === null && isAnyAddress(host))
    return ok(
      name,
      `any address of this machine, such as ${addressOf(host, port)}; set STEWARD_PUBLIC_URL to the one for links`,
    )
  return ok(name, publicUrl ?? addressOf(host, port))
}
