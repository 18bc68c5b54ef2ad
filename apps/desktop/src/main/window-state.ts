import { screen, type BrowserWindow, type Rectangle } from 'electron'
import { isRecord, readJson, writeJson } from './files.ts'

interface WindowState {
  bounds: Rectangle
  maximized: boolean
}

function parseState(value: unknown): WindowState | null {
  if (!isRecord(value) || !isRecord(value['bounds'])) return null
  const { x, y, width, height } = value['bounds']
  const numbers = [x, y, width, height].every((number) => Number.isInteger(number))
  return numbers ? { bounds: { x, y, width, height } as Rectangle, maximized: value['maximized'] === true } : null
}

const smallest = { width: 720, height: 480 }
const usual = { width: 1280, height: 800 }
const savePause = 400

/** Remembers where the windows of each connection stood. */
export function createWindowStates(file: () => string) {
  const read = (): Record<string, unknown> => {
    const value = readJson(file())
    return isRecord(value) ? value : {}
  }
  return {
    of(key: string): WindowState | null {
      const state = parseState(read()[key])
      return state && { ...state, bounds: onScreen(state.bounds) }
    },
    /** Writes the window's place a moment after each change, and when it closes. */
    follow(key: string, window: BrowserWindow): void {
      let timer: NodeJS.Timeout | undefined
      const save = (): void => {
        clearTimeout(timer)
        const now: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
        writeJson(file(), { ...read(), [key]: now })
      }
      const soon = (): void => {
        clearTimeout(timer)
        timer = setTimeout(save, savePause)
      }
      window.on('resize', soon)
      window.on('move', soon)
      window.on('maximize', soon)
      window.on('unmaximize', soon)
      window.on('close', save)
    },
  }
}

/** A place that can be seen: the screen it was on may be gone, or smaller now. */
export function onScreen(bounds: Rectangle): Rectangle {
  const area = screen.getDisplayMatching(bounds).workArea
  const width = Math.min(Math.max(bounds.width, smallest.width), area.width)
  const height = Math.min(Math.max(bounds.height, smallest.height), area.height)
  const within = (at: number, from: number, room: number): number => Math.max(from, Math.min(at, from + room))
  return {
    width,
    height,
    x: within(bounds.x, area.x, area.width - width),
    y: within(bounds.y, area.y, area.height - height),
  }
}

export const sizes = { smallest, usual }
