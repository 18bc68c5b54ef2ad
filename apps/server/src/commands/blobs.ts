import { blobsState } from '@steward/api/server'
import type { Command } from 'commander'
import { count } from '../doctor/finding.ts'
import { show, withApp, withJson } from './io.ts'

/** `blobs accept-loss`: the way on after the code of bots was lost. */
export function addBlobsCommand(program: Command): void {
  const accept = program.command('blobs').description('the stored bot code').command('accept-loss')
  withJson(accept)
    .description('start even though stored bot code is permanently lost; if you can, put it back instead')
    .action(async ({ json }: { json?: true }) => {
      await withApp(
        async ({ app }) => {
          const { asked, there } = await blobsState(app)
          const text =
            asked === there
              ? 'No code is missing: nothing to do.'
              : `Of the newest ${count(asked, 'code bundle')} ${there} are there. Steward starts without the others;\n` +
                'upload or deploy their bots again. "steward doctor" lists what is missing.'
          show(json, { lookedFor: asked, found: there }, text)
        },
        { acceptLoss: true },
      )
    })
}
