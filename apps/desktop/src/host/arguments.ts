import { parseArgs } from 'node:util'
import type { HostArguments } from '../shared/host-messages.ts'

/**
 * What the host was started with, out of all of its arguments: Chromium puts switches of its own among them.
 * @throws Error when there is no folder.
 */
export function readArguments(argv: readonly string[]): HostArguments {
  const { values } = parseArgs({
    args: argv.slice(1),
    strict: false,
    options: { data: { type: 'string' }, restore: { type: 'string' }, 'accept-loss': { type: 'boolean' } },
  })
  const { data, restore } = values
  if (typeof data !== 'string') throw new Error('The host needs --data <folder>.')
  return {
    data,
    restore: typeof restore === 'string' ? restore : null,
    acceptLoss: values['accept-loss'] === true,
  }
}
