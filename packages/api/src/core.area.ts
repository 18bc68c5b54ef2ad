import { inOneWrite } from './core/write/retention.ts'
import type { Area } from './core/area.ts'
import { collectBlobs, collectDaily } from './core/blob/collect.ts'
import { day } from './core/clock.ts'
import { sealedMails, sendMail } from './core/mail/mail.ts'
import { forgetMailCounts, sweepMailCounts } from './core/mail/mail-share.queries.ts'
import { sealedAnswers } from './core/write/idempotency.ts'
import { sweepIdempotency } from './core/write/outbox.queries.ts'

/** What the core itself keeps, promises and does in the background. */
export const coreArea: Area = {
  ids: { audit: 'audit', outbox: 'outbox', request: 'req' },
  changes: { preference: {}, audit: {} },
  topics: { 'blob.collect': { handler: collectBlobs }, 'mail.send': { handler: sendMail, slow: true } },
  retention: [
    { what: 'stored responses', kept: day, sweep: inOneWrite(sweepIdempotency) },
    { what: 'email counters', sweep: inOneWrite(sweepMailCounts) },
  ],
  jobs: [collectDaily],
  sealed: [sealedMails, sealedAnswers],
  lifecycle: { keyReplaced: forgetMailCounts },
}
