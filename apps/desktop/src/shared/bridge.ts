/* What the preload puts before a page, and what main tells pages. Nothing here carries a token out of main or the host. */

export interface ConnectionInfo {
  /** `local` for this computer. */
  id: string
  name: string
  /** Null for this computer. */
  url: string | null
  /** Where the token lies: nowhere needed, in this run's memory, in the keyring, or readable by any program. */
  token: 'none' | 'session' | 'keyring' | 'readable'
}

export interface NewConnection {
  name: string
  url: string
  token: string
  /** Keep the token after this run. */
  remember: boolean
}

/** How well this computer keeps a saved token: a keyring, a file that any program of the person can read, or not at all. */
export type Protection = 'keyring' | 'readable' | 'none'

export interface RecoveryState {
  kind: 'newer' | 'damaged' | 'lost' | 'code' | 'key' | 'replaced' | 'program' | 'crashed' | 'other'
  message: string
  /** Kept before migrations, newest first. */
  backups: string[]
  folder: string
  /** The host's last lines. */
  log: string
}

export type RecoveryChoice =
  | { do: 'retry' }
  /** Go on although the code of bots is gone. */
  | { do: 'accept-loss' }
  | { do: 'restore'; backup: string }
  | { do: 'choose' }
  | { do: 'folder' }
  | { do: 'quit' }

/** An answer in words for people; null when they cancelled. */
export type Outcome = { text: string } | null

/** `window.stewardShell`. Which pages may call what, main decides. */
export interface Shell {
  readonly connection: { kind: 'local' | 'remote'; name: string; url: string | null }
  /** Asks for a port; it arrives as a window message `{ steward: 'port' }`. */
  connect(): Promise<void>
  backUp(): Promise<Outcome>
  restore(): Promise<Outcome>
  listConnections(): Promise<{ connections: ConnectionInfo[]; protection: Protection }>
  addConnection(connection: NewConnection): Promise<ConnectionInfo>
  removeConnection(id: string): Promise<void>
  openConnection(id: string): Promise<void>
  recovery(): Promise<RecoveryState | null>
  recover(choice: RecoveryChoice): Promise<Outcome>
}

/** Window messages that the preload posts to its page. */
export type ToPage =
  /** With the port as the message's one port. */
  | { steward: 'port' }
  | { steward: 'gone' }
  /** No port will come before somebody acts. */
  | { steward: 'failed'; message: string }
  | { steward: 'command'; id: string; keys: string }
  | { steward: 'go'; path: string }

export const channels = {
  connect: 'steward:connect',
  backUp: 'steward:back-up',
  restore: 'steward:restore',
  listConnections: 'steward:list-connections',
  addConnection: 'steward:add-connection',
  removeConnection: 'steward:remove-connection',
  openConnection: 'steward:open-connection',
  recovery: 'steward:recovery',
  recover: 'steward:recover',
  /** Main to page. */
  port: 'steward:port',
  tell: 'steward:tell',
} as const

/** What a window's preload receives when it starts. */
export const connectionSwitch = '--steward-connection='
