/** What would change how a Node process runs, or loads strange code into it; and the settings of a Steward server. */
const dangerous = /^(NODE_|ELECTRON_|npm_|STEWARD_|DEBUG$|LD_PRELOAD$|LD_AUDIT$|DYLD_)/i

/** The environment for the host: what the app was started from has no say in the process that holds the data. */
export function hostEnv(given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(given).filter(([name, value]) => value !== undefined && !dangerous.test(name))
  return Object.fromEntries(kept) as Record<string, string>
}
