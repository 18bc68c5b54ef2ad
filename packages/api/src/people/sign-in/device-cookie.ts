import type { AppContext } from '../../core/app-context.ts'
import { day, second } from '../../core/clock.ts'
import { cookieHome, cookiePrefix, cookieValue } from './session-cookie.ts'

/** How long a browser is known after somebody has signed in in it. */
export const deviceLife = 180 * day

type Signing = Pick<AppContext, 'keys' | 'settings'>

/** Each person has their own: several may use one browser. */
function nameFor(app: Signing, email: string): string {
  return `${cookiePrefix(cookieHome(app))}.device_${app.keys.mac(`device of ${email}`).slice(0, 12)}`
}

function signedText(email: string, device: string, until: string): string {
  return `device\n${email}\n${device}\n${until}`
}

/**
 * The `set-cookie` line by which a browser is known as one in which this person has signed in (OWASP's device cookies):
 * `<random>.<end, milliseconds>.<HMAC>`. It opens nothing; guesses that come with it wait by themselves.
 */
export function deviceCookieLine(app: AppContext, email: string): string {
  const device = app.ids.bytes(16).toString('base64url')
  const until = String(app.clock.now() + deviceLife)
  const value = `${device}.${until}.${app.keys.mac(signedText(email, device, until))}`
  const secure = cookieHome(app).secure ? 'Secure; ' : ''
  return `${nameFor(app, email)}=${value}; Max-Age=${deviceLife / second}; Path=/; HttpOnly; ${secure}SameSite=Lax`
}

/** The browser, if this person has signed in in it before. */
export function knownDevice(app: AppContext, cookies: string | null, email: string): string | null {
  const value = cookies === null ? null : cookieValue(cookies, nameFor(app, email))
  const [device = '', until = '', mac = ''] = value?.split('.') ?? []
  const isOurs = app.keys.macMatches(signedText(email, device, until), mac)
  return isOurs && Number(until) > app.clock.now() ? device : null
}
