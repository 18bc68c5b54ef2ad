import * as electron from './electron.ts'

interface Asked {
  evaluate: number
  source: string
  arg: unknown
}

/** Runs what a test sends in this process, as Playwright's `ElectronApplication.evaluate` does. */
export function answerTests(): void {
  process.on('message', (message) => {
    const { evaluate, source, arg } = message as Asked
    if (typeof evaluate === 'number') void answer(evaluate, source, arg)
  })
  // The test process has gone: nobody will end this app any more.
  process.once('disconnect', () => process.exit(1))
}

async function answer(id: number, source: string, arg: unknown): Promise<void> {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval
    const run = new Function(`return (${source})`)() as (module: object, arg: unknown) => unknown
    process.send?.({ double: 'answer', id, value: await run({ ...electron }, arg), error: null })
  } catch (cause) {
    process.send?.({ double: 'answer', id, value: null, error: cause instanceof Error ? cause.stack : String(cause) })
  }
}
