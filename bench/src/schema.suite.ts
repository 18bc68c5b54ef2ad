import { checkData, checkSchema } from '@steward/api/json-schema'
import { hostileCases } from '@steward/api/json-schema/hostile'
import { median, milliseconds, print } from './figures.ts'

const rounds = 9

/** Time of the processor: what else the machine does is not this check's. */
function timeOf(work: () => unknown): number {
  const start = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1000
}

/** How long a schema, and data made to take long, hold the loop: the longest of all hostile cases, and those over half the goal. */
export async function schemaSuite(): Promise<void> {
  const figures = hostileCases.flatMap(({ name, schema, data }) => {
    const times = Array.from({ length: rounds }, () => [
      timeOf(() => checkData(schema, data)),
      timeOf(() => checkSchema(schema)),
    ])
    return [
      { name: `data: ${name}`, time: median(times.map(([ofData]) => ofData ?? 0)) },
      { name: `schema: ${name}`, time: median(times.map(([, ofSchema]) => ofSchema ?? 0)) },
    ]
  })
  const slowest = figures.toSorted((one, other) => other.time - one.time).slice(0, 5)
  print(
    `JSON Schema: the slowest of ${figures.length} hostile checks`,
    slowest.map(({ name, time }) => ({ name, figure: milliseconds(time), goal: 'under 50 ms', met: time < 50 })),
  )
}
