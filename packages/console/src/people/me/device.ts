const browsers: readonly [RegExp, string][] = [
  [/\bEdgA?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bFirefox\/(\d+)/, 'Firefox'],
  [/\bSteward\/(\d+(?:\.\d+)*)/, 'Steward'],
  [/\bElectron\/(\d+)/, 'Electron'],
  [/\b(?:Headless)?Chrome\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+(?:\.\d+)?).*\bSafari\//, 'Safari'],
]

const systems: readonly [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

export interface Device {
  /** "Firefox 144 on Windows"; a program by the name it gives. */
  name: string
  phone: boolean
}

/** Reads what a browser says about itself. It is a claim, good for recognizing one's own, not for proof. */
export function deviceOf(userAgent: string | undefined): Device {
  if (!userAgent) return { name: 'Unknown device', phone: false }
  const browser = browsers.flatMap(([pattern, name]) => {
    const version = pattern.exec(userAgent)?.[1]
    return version === undefined ? [] : [`${name} ${version.replace(/\.0$/, '')}`]
  })[0]
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1]
  const phone = system === 'iPhone' || system === 'Android'
  if (browser) return { name: system ? `${browser} on ${system}` : browser, phone }
  const program = userAgent.split(/[\s/]/)[0] ?? userAgent
  return { name: system ? `${program} on ${system}` : program, phone }
}
