import { createHmac } from 'node:crypto'
import { onTestFinished, vi } from 'vitest'
import type { AppContext } from '../../core/app-context.ts'
import { clientIpHeader, cookieHome, sessionCookieName } from './session-cookie.ts'

let browsers = 0

/** Test support: a browser with a cookie jar and an address of its own, at the endpoint `/auth`. */
export class Browser {
  readonly app: AppContext
  readonly cookies = new Map<string, string>()
  /** Each browser has its own, since attempts are counted by it. */
  readonly ip: string

  constructor(app: AppContext) {
    this.app = app
    browsers += 1
    this.ip = `10.${process.pid % 250}.${Math.floor(browsers / 250)}.${(browsers % 250) + 1}`
  }

  get headers(): Headers {
    const pairs = [...this.cookies].map(([name, value]) => `${name}=${value}`)
    return new Headers({
      [clientIpHeader]: this.ip,
      'user-agent': 'test browser',
      origin: this.app.settings.publicUrl,
      ...(pairs.length > 0 && { cookie: pairs.join('; ') }),
    })
  }

  async get(path: string): Promise<Response> {
    return this.#keep(await this.app.signIn.handle(new Request(this.#at(path), { headers: this.headers })))
  }

  async post(path: string, body: unknown): Promise<Response> {
    const { headers } = this
    headers.set('content-type', 'application/json')
    const request = new Request(this.#at(path), { method: 'POST', headers, body: JSON.stringify(body) })
    return this.#keep(await this.app.signIn.handle(request))
  }

  signIn(email: string, password: string): Promise<Response> {
    return this.post('/auth/sign-in/email', { email, password })
  }

  /** The name of the session cookie. */
  get sessionCookie(): string {
    return sessionCookieName(cookieHome(this.app))
  }

  session(): Promise<{ id: string; userId: string } | null> {
    return this.app.signIn.sessionOf(this.headers)
  }

  #at(path: string): string {
    return path.startsWith('http') ? path : `${this.app.settings.publicUrl}${path}`
  }

  #keep(response: Response): Response {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /max-age=0/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }
}

/**
 * The six digits an authenticator shows for a TOTP address (RFC 6238: SHA-1, 30 s). Each opens something once: `ahead` 1
 * gives the next one, which is taken already, -1 the one before, which no longer is.
 */
export function totp(uri: string, ahead: -1 | 0 | 1 = 0): string {
  // It must not run out before it is sent: for the rest of the test it is the time of the next one rather than that.
  const left = 30_000 - (Date.now() % 30_000)
  if (ahead === 0 && left < 5000) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + left, shouldAdvanceTime: true })
    onTestFinished(() => void vi.useRealTimers())
  }
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const code = digest.readUInt32BE((digest[19] ?? 0) & 15) & 0x7fffffff
  return String(code % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bits = text
    .replace(/=+$/, '')
    .split('')
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
