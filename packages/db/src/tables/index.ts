import type { AccountAdministratorTable, AccountTable, WorkspaceTransferTable } from './account.ts'
import type { AuditCheckpointTable, AuditPayloadTable, AuditRecordTable, SigningKeyTable } from './audit.ts'
import type { BotAccessTable, BotKeyTable, BotSecretTable, BotTable, BotTagTable, SigningSecretTable } from './bot.ts'
import type { BlobChunkTable, BlobTable } from './blob.ts'
import type { ChangeTable, IdempotencyTable, LaneTable, OutboxTable } from './write.ts'
import type { InstallationTable } from './installation.ts'
import type { MailCountTable } from './mail.ts'
import type { InvitationTable, MemberTable, UsedInvitationTable } from './member.ts'
import type { PersonalAccessTokenTable, PreferenceTable, UserTable } from './me.ts'
import type { RecoveryLinkTable } from './recovery.ts'
import type { SessionTable, SignInGuessTable, SignInMethodTable, TwoFactorTable, VerificationTable } from './sign-in.ts'
import type { DeploymentTable, VersionTable } from './version.ts'
import type { WorkspaceTable } from './workspace.ts'

/** The main store: everything that must agree. One line per table. */
export interface MainSchema {
  user: UserTable
  personal_access_token: PersonalAccessTokenTable
  preference: PreferenceTable
  session: SessionTable
  sign_in_method: SignInMethodTable
  verification: VerificationTable
  two_factor: TwoFactorTable
  recovery_link: RecoveryLinkTable
  sign_in_guess: SignInGuessTable
  account: AccountTable
  account_administrator: AccountAdministratorTable
  workspace: WorkspaceTable
  workspace_transfer: WorkspaceTransferTable
  member: MemberTable
  invitation: InvitationTable
  used_invitation: UsedInvitationTable
  mail_count: MailCountTable
  bot: BotTable
  bot_tag: BotTagTable
  bot_secret: BotSecretTable
  bot_signing_secret: SigningSecretTable
  bot_key: BotKeyTable
  bot_access: BotAccessTable
  version: VersionTable
  deployment: DeploymentTable
  blob: BlobTable
  blob_chunk: BlobChunkTable
  installation: InstallationTable
  lane: LaneTable
  change: ChangeTable
  outbox: OutboxTable
  idempotency: IdempotencyTable
  audit_record: AuditRecordTable
  audit_payload: AuditPayloadTable
  audit_checkpoint: AuditCheckpointTable
  signing_key: SigningKeyTable
}

/** The telemetry store: high-volume records with their own retention. Nothing lives here yet. */
// eslint-disable-next-line typescript/no-empty-object-type
export interface TelemetrySchema {}

export type * from './account.ts'
export type * from './audit.ts'
export type * from './blob.ts'
export type * from './bot.ts'
export type * from './installation.ts'
export type * from './mail.ts'
export type * from './me.ts'
export type * from './member.ts'
export type * from './recovery.ts'
export type * from './sign-in.ts'
export type * from './version.ts'
export type * from './workspace.ts'
export type * from './write.ts'
