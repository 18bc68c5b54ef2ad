// Loaded first by the processes and threads that tests start while Stryker looks what they reach: notes each place at
// once, since most of them are killed.
import { appendFileSync } from 'node:fs'

const hitsFile = process.env['MUTANTS_HITS']
if (hitsFile !== undefined) {
  const noted = new Proxy<Record<string, number>>(
    {},
    {
      set(hits, id: string, times: number) {
        if (!Object.hasOwn(hits, id)) appendFileSync(hitsFile, `${id}\n`)
        hits[id] = times
        return true
      },
    },
  )
  Object.assign(globalThis, { __stryker__: { mutantCoverage: { static: noted, perTest: {} } } })
}
