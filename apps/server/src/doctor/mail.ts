import type { Config } from '../config.ts'
import { tryMailServer } from '../mail/smtp.ts'
import { ok, warn, type Finding } from './finding.ts'

/** Whether the mail server answers and takes our sign-in. Steward runs without it, so that it is no failure. */
export async function checkMail({ mail }: Config): Promise<Finding> {
  if (!mail) return ok('mail', 'no mail server is set: links are shown to the people who create them')
  const server = `${mail.host}:${mail.port}`
  try {
    await tryMailServer(mail)
    return ok('mail', `${server} answers; to check that email arrives, run: steward mail test <address>`)
  } catch (cause) {
    return warn('mail', `${server}: ${(cause as Error).message}`, 'Correct STEWARD_SMTP_URL, or check the mail server.')
  }
}
