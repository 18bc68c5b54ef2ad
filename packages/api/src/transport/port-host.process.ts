import { initTRPC, tracked } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { setTimeout as sleep } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'
import { z } from 'zod'
import type { PortLike } from './port-messages.ts'
import { servePort } from './port-host.ts'

// The host that port.test.ts kills: it counts, from where the caller has got to.

const t = initTRPC.create()

const router = t.router({
  count: t.procedure
    .input(z.object({ to: z.number(), pause: z.number(), lastEventId: z.coerce.number().nullish() }))
    .subscription(async function* ({ input }) {
      for (let n = (input.lastEventId ?? 0) + 1; n <= input.to; n += 1) {
        await sleep(input.pause)
        yield tracked(String(n), { n, at: new Date(n * 1000) })
      }
    }),
})

servePort(workerData as PortLike, (req) =>
  fetchRequestHandler({ endpoint: '/trpc', router, req, createContext: () => ({}) }),
)
