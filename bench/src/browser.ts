import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { BrowserContext } from 'playwright-core'

/** The browser that is measured in; `npm run bench` sets CHROMIUM where it found another. */
const chromiumFile = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

export const hasChromium = (): boolean => existsSync(chromiumFile)

/** Starts Chromium with a profile on disk, so that a second visit finds what the first one cached. */
export function openChromium(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: chromiumFile,
    viewport: { width: 1280, height: 800 },
    // Debian's headless shell puts all sites into one process unless it is told not to.
    args: [
      '--site-per-process',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  })
}
