/* What main and the host process tell each other. The data itself never passes main. */

/** Where the calls of one window go. A token is here on its way into the host only. */
export type Route = { kind: 'local' } | { kind: 'remote'; name: string; url: string; token: string }

export type ToHost =
  /** With the host's end of a window's port. */
  | { type: 'serve'; route: Route }
  | { type: 'backup'; id: number; folder: string }
  /** Finish what is under way, close the databases and exit with 0. */
  | { type: 'stop' }

/** Why this computer's data cannot be opened, or, by `replaced`, did not stay open. */
export interface Refusal {
  kind: 'newer' | 'damaged' | 'lost' | 'code' | 'key' | 'replaced' | 'program' | 'other'
  message: string
}

/** How a backup or a restore went. */
export interface Copied {
  error: string | null
  /** How many files of bots' code the database names and no sound copy was found of. */
  missing: number
}

export type FromHost =
  | { type: 'progress'; text: string }
  | ({ type: 'restored' } & Copied)
  | { type: 'ready'; refusal: Refusal | null }
  | ({ type: 'done'; id: number } & Copied)

/**
 * How the host is started: `--data <folder>`, `--restore <folder or file>` before it opens anything, and `--accept-loss` to
 * go on although the code of bots is gone.
 */
export interface HostArguments {
  data: string
  restore: string | null
  acceptLoss: boolean
}
