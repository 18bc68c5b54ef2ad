import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cdp } from './cdp.ts'
import { doubleEnv } from './env.ts'
import { allowAddress } from './network.ts'

// No name is resolved: what the double does not answer itself cannot be reached.
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  // Windows are opened by the app: the one of Chromium's own would cost a process.
  '--no-startup-window',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-dev-shm-usage',
  '--remote-debugging-port=0',
  '--remote-allow-origins=*',
  // An address is what the app was asked for, not what Chromium would make of it.
  '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,HttpsFirstModeV2',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
]

export interface Browser {
  cdp: Cdp
  endpoint: string
  close(): Promise<void>
}

/** Starts Debian's Chromium with a profile of its own. */
export async function startChromium(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'steward-double-'))
  const child = spawn(doubleEnv.chromium, [...flags, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const endpoint = await endpointOf(child)
  const { hostname, port } = new URL(endpoint)
  allowAddress(hostname, Number(port))
  const cdp = await Cdp.connect(endpoint)
  const remove = (): void => {
    child.kill('SIGKILL')
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
  process.once('exit', () => child.kill('SIGKILL'))
  return {
    cdp,
    endpoint,
    async close() {
      const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
      cdp.root.tell('Browser.close')
      const timer = setTimeout(() => child.kill('SIGKILL'), 2000)
      await ended
      clearTimeout(timer)
      cdp.close()
      remove()
    },
  }
}

function endpointOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stderr?.on('data', (data) => {
      text += String(data)
      const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Chromium ended with ${code} before it listened:\n${text}`)))
  })
}
