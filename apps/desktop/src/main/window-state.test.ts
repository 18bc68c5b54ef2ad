import type { BrowserWindow, Rectangle } from 'electron'
import { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWindowStates, onScreen } from './window-state.ts'

const small = { x: 0, y: 25, width: 1280, height: 700 }
const second = { x: 1280, y: 0, width: 1920, height: 1040 }

// Two screens, the first with a bar on top.
vi.mock('electron', () => ({
  screen: { getDisplayMatching: ({ x }: Rectangle) => ({ workArea: x >= second.x ? second : small }) },
}))

describe('a place', () => {
  it.each([
    [
      'stays where it is whole',
      { x: 100, y: 100, width: 900, height: 600 },
      { x: 100, y: 100, width: 900, height: 600 },
    ],
    [
      'stays on the second screen',
      { x: 1500, y: 0, width: 900, height: 600 },
      { x: 1500, y: 0, width: 900, height: 600 },
    ],
    ['moves off the bar', { x: 0, y: 0, width: 900, height: 600 }, { x: 0, y: 25, width: 900, height: 600 }],
    [
      'moves back from beyond',
      { x: 1200, y: 900, width: 900, height: 600 },
      { x: 380, y: 125, width: 900, height: 600 },
    ],
    ['shrinks to the screen', { x: -50, y: 25, width: 4000, height: 4000 }, small],
    ['grows to what can be used', { x: 10, y: 30, width: 1, height: 1 }, { x: 10, y: 30, width: 720, height: 480 }],
  ])('%s', (_what, bounds, seen) => {
    expect(onScreen(bounds)).toEqual(seen)
  })
})

class Window extends EventEmitter {
  bounds = { x: 100, y: 100, width: 900, height: 600 }
  maximized = false
  getNormalBounds(): Rectangle {
    return this.bounds
  }
  isMaximized(): boolean {
    return this.maximized
  }
  moveTo(x: number): void {
    this.bounds = { ...this.bounds, x }
    this.emit('move')
  }
}

describe('what is remembered', () => {
  let folder: string
  let file: string
  let window: Window
  const stored = (): unknown => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'))
    } catch {
      return null
    }
  }
  beforeEach(() => {
    vi.useFakeTimers()
    folder = mkdtempSync(join(tmpdir(), 'steward-windows-'))
    file = join(folder, 'windows.json')
    window = new Window()
    createWindowStates(() => file).follow('local', window as unknown as BrowserWindow)
  })
  afterEach(() => {
    vi.useRealTimers()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is written once the window rests, not at every step of a drag', () => {
    for (let x = 101; x <= 120; x += 1) {
      window.moveTo(x)
      vi.advanceTimersByTime(100)
    }
    expect(stored()).toBeNull()
    vi.advanceTimersByTime(400)
    expect(stored()).toEqual({ local: { bounds: window.bounds, maximized: false } })
  })

  it('is written at once when the window closes, and only then', () => {
    window.moveTo(300)
    window.emit('close')
    expect(stored()).toMatchObject({ local: { bounds: { x: 300 } } })
    rmSync(file)
    vi.advanceTimersByTime(1_000)
    expect(stored()).toBeNull()
  })

  it('holds the place of before apart from being maximised, beside what others left', () => {
    writeFileSync(file, JSON.stringify({ other: 1 }))
    window.maximized = true
    window.emit('maximize')
    vi.advanceTimersByTime(400)
    expect(stored()).toEqual({ other: 1, local: { bounds: window.bounds, maximized: true } })
  })

  it('is nothing where the file is spoilt', () => {
    const states = createWindowStates(() => file)
    for (const text of ['', '[]', '{"local":7}', '{"local":{"bounds":{"x":1}}}', '{"local":{"bounds":{"x":"1"}}}']) {
      writeFileSync(file, text)
      expect(states.of('local')).toBeNull()
    }
  })
})
