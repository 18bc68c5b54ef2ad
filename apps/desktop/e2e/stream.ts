import type { Page } from 'playwright-core'

interface Change {
  type: string
  id: string | null
  deleted: boolean
}

/** One event of `workspace.changes`. */
export interface Told {
  version: number
  reset: boolean
  changes: Change[]
}

declare global {
  interface Window {
    /** What the stream told so far. */
    told?: Told[]
  }
}

/** Makes the page follow what changes in its first workspace, as an EventSource does: it comes back with its last id. */
export async function followChanges(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { steward, call } = window
    if (!steward || !call) throw new Error('This is not the small page.')
    const { workspaces } = (await call('workspace.list', {})) as { workspaces: { id: string }[] }
    const input = encodeURIComponent(JSON.stringify({ workspaceId: workspaces[0]?.id }))
    const told: Told[] = []
    window.told = told
    let last: string | null = null
    const read = async (): Promise<void> => {
      const headers = { accept: 'text/event-stream', ...(last !== null && { 'last-event-id': last }) }
      const response = await steward.connection.fetch(`/trpc/workspace.changes?input=${input}`, { headers })
      if (!response.body) throw new Error(`No stream: ${response.status}`)
      let text = ''
      for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
        const events = (text + part).split('\n\n')
        text = events.pop() ?? ''
        for (const event of events) {
          const id = /^id: (.*)$/m.exec(event)?.[1]
          if (id === undefined) continue
          last = id
          told.push(JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '') as Told)
        }
      }
    }
    const follow = async (): Promise<never> => {
      for (;;) {
        await read().catch(() => {})
        await new Promise((resolve) => void setTimeout(resolve, 50))
      }
    }
    void follow()
  })
}

export const toldTo = (page: Page): Promise<Told[]> => page.evaluate(() => window.told ?? [])
