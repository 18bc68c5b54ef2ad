type Environment = Readonly<Record<string, string | undefined>>

interface Need {
  /** The variable that electron-builder reads. */
  name: string
  what: string
}

const feed: Need = {
  name: 'STEWARD_UPDATE_URL',
  what: 'the https:// address of the folder that latest*.yml and the installers are put into',
}

const maintainer: Need = { name: 'STEWARD_MAINTAINER', what: 'who the deb and rpm packages name: Name <address>' }

const needs: Readonly<Partial<Record<NodeJS.Platform, readonly Need[]>>> = {
  darwin: [
    { name: 'CSC_LINK', what: 'the Developer ID Application certificate (.p12): a file or its base64' },
    { name: 'CSC_KEY_PASSWORD', what: 'its password' },
    { name: 'APPLE_API_KEY', what: 'the App Store Connect key (.p8) that notarises: a file' },
    { name: 'APPLE_API_KEY_ID', what: 'its id' },
    { name: 'APPLE_API_ISSUER', what: 'its issuer' },
  ],
  win32: [
    { name: 'WIN_CSC_LINK', what: 'the code signing certificate (.pfx): a file or its base64' },
    { name: 'WIN_CSC_KEY_PASSWORD', what: 'its password' },
  ],
  linux: [maintainer],
}

const forms: Readonly<Record<string, RegExp>> = { [feed.name]: /^https:\/\/\S+$/, [maintainer.name]: /^.+ <\S+@\S+>$/ }

/** What a release on this system needs and the environment does not say. Linux packages carry no signature of ours. */
export function missingFor(platform: NodeJS.Platform, env: Environment): Need[] {
  const all = [...(needs[platform] ?? []), feed]
  return all.filter(({ name }) => !(forms[name] ?? /./).test(env[name] ?? ''))
}

/** Arguments for electron-builder. @param env null for a build without signature and updates. */
export function signingArguments(platform: NodeJS.Platform, env: Environment | null): string[] {
  // On Apple silicon nothing runs without some signature, and one that names nobody cannot be hardened.
  const adHoc = ['-c.mac.identity=-', '-c.mac.hardenedRuntime=false', '-c.mac.notarize=false']
  if (env === null) return platform === 'darwin' ? adHoc : []
  const updates = ['-c.publish.provider=generic', `-c.publish.url=${env[feed.name]}`]
  // A build whose signing fails must not look like a release.
  if (platform !== 'linux') return [...updates, '-c.forceCodeSigning=true']
  const homepage = new URL(env[feed.name] ?? '').origin
  return [...updates, `-c.linux.maintainer=${env[maintainer.name]}`, `-c.extraMetadata.homepage=${homepage}`]
}

/** The settings of electron-builder for a binary whose fuses stay as they are: a stand-in's, or one that is to be driven. */
export function withoutFuses(settings: string): string {
  return settings.replace(/\nelectronFuses:\n(?: {2}.*\n)+/, '\n')
}
