/** How many mails people had sent on one day; rows go when it is over. */
export interface MailCountTable {
  /** `to:` or `by:` with a keyed hash of the address or the person. */
  subject: string
  /** Such as `2026-11-30`, in UTC. */
  day: string
  mails: number
}
