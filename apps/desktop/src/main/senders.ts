import { ipcMain, type IpcMainInvokeEvent } from 'electron'
import { pageOf } from './pages.ts'
import { connectionIdOf } from './windows.ts'

/** Who asks: the top frame of a window of ours that still shows the page it was made for. */
export interface Asker {
  contents: IpcMainInvokeEvent['sender']
  connectionId: string
}

type Page = 'steward' | 'launcher'

/**
 * Answers calls on a channel from the named page. The only place that listens to pages: nobody else's frames, and no
 * page that a window was led to, get an answer.
 */
export function answerFrom(page: Page, channel: string, answer: (asker: Asker, input: unknown) => unknown): void {
  ipcMain.handle(channel, async (event, input: unknown) => answer(askerOf(event, page), input))
}

/** @throws Error for everybody else. */
function askerOf({ sender, senderFrame }: IpcMainInvokeEvent, page: Page): Asker {
  const connectionId = connectionIdOf(sender)
  const isOurs = senderFrame !== null && senderFrame.parent === null && pageOf(senderFrame.url) === page
  if (connectionId === null || !isOurs) throw new Error('This page is not allowed to do that.')
  return { contents: sender, connectionId }
}
