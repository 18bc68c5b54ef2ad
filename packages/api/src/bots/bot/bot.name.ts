import type { Ids } from '../../core/id.ts'

const adjectives = 'amber bold brisk calm clever cosy eager gentle keen lively lucky mellow merry nimble quiet swift'
const nouns = 'badger beacon brook cedar comet falcon harbor heron maple meadow otter pebble raven river sparrow willow'

/** A readable name for a bot that was given none, such as `quiet-otter-3f2a`; not unique. */
export function makeBotName(ids: Ids): string {
  const [first = 0, second = 0, ...rest] = ids.bytes(4)
  const tail = Buffer.from(rest).toString('hex')
  return `${pick(adjectives, first)}-${pick(nouns, second)}-${tail}`
}

function pick(words: string, byte: number): string {
  const list = words.split(' ')
  return list[byte % list.length] ?? ''
}
