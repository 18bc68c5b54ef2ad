import type { Command } from 'commander'
import { exitCode, CliError } from '../exit.ts'
import { createSmtpMailer } from '../mail/smtp.ts'
import { commandConfig, show, withJson } from './io.ts'

/** `mail test`: whether the mail server takes what this installation sends. */
export function addMailCommand(program: Command): void {
  const test = program.command('mail').description('the mail server of this installation').command('test')
  withJson(test)
    .description('send a test message with the settings STEWARD_SMTP_URL and STEWARD_MAIL_FROM')
    .argument('<address>', 'the recipient')
    .action(async (address: string, { json }: { json?: true }) => {
      const { mail } = commandConfig()
      if (!mail)
        throw new CliError(exitCode.usage, 'No mail server is set. Set STEWARD_SMTP_URL and STEWARD_MAIL_FROM.')
      await createSmtpMailer(mail)
        .send({ to: address, ...message })
        .catch((cause: unknown) => {
          throw new CliError(exitCode.failed, `${mail.host}:${mail.port}: ${(cause as Error).message}`, cause)
        })
      const text = `${mail.host} accepted the message to ${address}. Check that it arrives and is not marked as spam.`
      show(json, { sent: true, address, server: mail.host }, text)
    })
}

const text = 'This installation of Steward can send email.'
const message = { subject: 'Test message from Steward', text: `${text}\n`, html: `<p>${text}</p>` }
