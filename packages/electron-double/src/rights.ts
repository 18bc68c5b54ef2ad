import type { Session, WebContents } from 'electron'
import { only, unwritten } from './env.ts'
import type { CdpSession } from './cdp.ts'

type Check = NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>
type Ask = NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>
/** Checks and requests know much the same names; these are in both. */
type Right = Extract<Parameters<Check>[1], Parameters<Ask>[1]>

let check: Check | null = null
let ask: Ask | null = null

export const session = {
  defaultSession: only<Session>('session.defaultSession', {
    setPermissionCheckHandler: (handler) => void (check = handler),
    setPermissionRequestHandler: (handler) => void (ask = handler),
    // No device is plugged into the double: there is nothing to decide about.
    setDevicePermissionHandler: () => {},
  }),
  fromPartition: () => unwritten('session.fromPartition'),
}

/** Rights by their names in Chromium and in Electron. */
const names: Readonly<Record<string, Right>> = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  camera: 'media',
  microphone: 'media',
  midi: 'midi',
  'clipboard-read': 'clipboard-read',
  'clipboard-write': 'clipboard-sanitized-write',
  'idle-detection': 'idle-detection',
  'storage-access': 'storage-access',
  'window-management': 'window-management',
}

/** Electron checks, then asks; without a handler everything is granted. */
function isGranted(contents: WebContents, right: Right): boolean {
  const details = { isMainFrame: true, requestingUrl: 'app://steward/' }
  if (check?.(contents, right, 'app://steward/', details)) return true
  if (ask === null) return check === null
  let answer = false
  ask(contents, right, (granted) => (answer = granted), details)
  return answer
}

/** Makes Chromium grant its pages what the app's handlers grant, so that a page can be asked what it may. */
export async function settleRights(root: CdpSession, contents: WebContents): Promise<void> {
  await Promise.all(
    Object.entries(names).map(([name, right]) =>
      root.send('Browser.setPermission', {
        permission: { name },
        setting: isGranted(contents, right) ? 'granted' : 'denied',
      }),
    ),
  )
}
