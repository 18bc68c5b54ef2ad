/*
 * The secret that a link carries behind its `#`, which no browser sends anywhere. It is kept for this tab, so that it is
 * still there after signing in on the way or coming back from an identity provider.
 */
type Link = 'invitation' | 'recovery'

/** @param hash of the address, without its `#`. @returns the secret, or nothing where no link was opened in this tab. */
export function secretOfLink(link: Link, hash: string): string {
  const name = `steward.${link}`
  try {
    if (hash !== '') sessionStorage.setItem(name, hash)
    return hash || (sessionStorage.getItem(name) ?? '')
  } catch {
    return hash
  }
}

/** To be called once the link has been used. */
export function forgetLink(link: Link): void {
  try {
    sessionStorage.removeItem(`steward.${link}`)
  } catch {
    // Nothing was kept.
  }
}
