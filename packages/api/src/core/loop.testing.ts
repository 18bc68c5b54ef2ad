import { setImmediate as turn } from 'node:timers/promises'

/**
 * How many turns the event loop made while `work` ran: how often other requests got their chance. How long a turn takes
 * depends on the machine and is measured in bench/.
 */
export async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  const state = { turns: 0, running: true }
  const counting = (async () => {
    while (state.running) {
      await turn()
      state.turns += 1
    }
  })()
  await work()
  state.running = false
  await counting
  return state.turns
}
