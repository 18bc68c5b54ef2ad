import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { only } from './env.ts'

type Answer = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown

const handlers = new Map<string, Answer>()

const written = {
  handle(channel: string, answer: Answer) {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, answer)
  },
  removeHandler: (channel: string) => void handlers.delete(channel),
} satisfies Partial<IpcMain>

export const ipcMain: IpcMain = only<IpcMain>('ipcMain', written)

/** Answers a page's `invoke` with the words Electron puts before a failure. */
export async function answerInvoke(
  event: IpcMainInvokeEvent,
  channel: string,
  args: unknown[],
): Promise<{ data: unknown; error: string | null }> {
  try {
    const handler = handlers.get(channel)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    return { data: await handler(event, ...args), error: null }
  } catch (cause) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    return { data: undefined, error: `Error invoking remote method '${channel}': ${text}` }
  }
}
