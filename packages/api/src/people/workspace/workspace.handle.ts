import { sha256 } from '../../core/secrets.ts'

const rule = /^[0-9a-z][a-z0-9-_]+[0-9a-z]$/

/** Words that stand for something of the product itself, in addresses and in people's minds. */
const reserved: ReadonlySet<string> = new Set(
  `about access account accounts activity admin administrator all analytics anonymous api api apps assets audit auth
  billing blog bot botpress bots cli console dashboard default dev developer docs download everyone false files health
  help home hub instance integration integrations interface interfaces internal invitation invitations invite
  invoice invoices issues legal localhost login logout logs mail me member members metrics new none nobody null
  official org organization owner plugin plugins preferences privacy public quota quotas ready register rest root
  runtime search security self session sessions settings setup sign-in sign-out sign-up signin signout signup static
  status steward store support system team tables terms test token tokens trpc true undefined unknown usage usages
  user users version versions webchat webhook webhooks workspace workspaces www`
    .trim()
    .split(/\s+/),
)

export function isReservedHandle(handle: string): boolean {
  return reserved.has(handle)
}

/** Whether a handle could be claimed if nobody had it: the contract's rule, and not a reserved word. */
export function isClaimable(handle: string): boolean {
  return rule.test(handle) && !reserved.has(handle)
}

const endings = ['bots', 'hq', 'team', 'labs', 'studio', '2', '3', '4', '5', '6', '7', '8', '9', '10']

/**
 * Handles like the wished one, best first, the same for the same wish. The last ones end in a piece of a hash, so that
 * some are free however popular the word is.
 */
export function similarHandles(wish: string): string[] {
  const base = wish.replaceAll(/^[-_]+|[-_]+$/g, '').slice(0, 40)
  const stem = base || 'space'
  const digest = sha256(stem)
  const tails = [0, 6, 12, 18, 24].map((at) => digest.slice(at, at + 6))
  return [base, ...[...endings, ...tails].map((ending) => `${stem}-${ending}`)].filter(
    (candidate) => candidate !== wish && isClaimable(candidate),
  )
}
