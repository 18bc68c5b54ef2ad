import { verifyAll } from '@steward/api/server'
import { checkIntegrity } from '@steward/db'
import { codeOf } from './check-bots.ts'
import type { Look } from './installation.ts'
import { sha256Bytes } from './model.ts'
import type { Snapshot } from './snapshot.ts'

/** Every body that a bot or version names is there, and its bytes have the hash it goes by. */
export async function checkBodies({ app }: Look, found: Snapshot): Promise<string[]> {
  const lines: string[] = []
  for (const hash of codeOf(found)) {
    try {
      const bytes = await app.blobs.get(hash)
      if (bytes === null) lines.push(`bodies: ${hash} is missing`)
      else if (sha256Bytes(bytes) !== hash) lines.push(`bodies: ${hash} has other bytes`)
    } catch (cause) {
      lines.push(`bodies: ${String(cause)}`)
    }
  }
  return lines
}

/** Every audit chain, record by record, with payloads and signed checkpoints. */
export async function checkChains({ app }: Look): Promise<string[]> {
  const { problems } = await verifyAll(app)
  return problems.map(({ laneId, finding }) => `chains: ${laneId} ${JSON.stringify(finding)}`)
}

/** What the engine itself finds damaged: pages, indexes, rows without their parent. */
export async function checkFiles({ stores }: Look): Promise<string[]> {
  return (await checkIntegrity(stores)).flatMap(({ store, damage }) => damage.map((line) => `files: ${store}: ${line}`))
}
