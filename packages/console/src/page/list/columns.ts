import { type RefObject, useLayoutEffect, useState } from 'react'
import type { Column } from './list.types.ts'

/** rem */
const gap = 1
const edges = 3
const boxTrack = '1.5rem'
const menuTrack = '2.5rem'

/** The least a track takes, in rem: the first length in it. */
function leastOf(track: string): number {
  return Number(/([\d.]+)rem/.exec(track)?.[1] ?? 0)
}

export function leastWidth(tracks: readonly string[]): number {
  return tracks.reduce((sum, track) => sum + leastOf(track) + gap, edges - gap)
}

/** All columns where they fit; else those that are not `wide`. @param width pixels; null before it is known. */
export function columnsFor<Row>(columns: readonly Column<Row>[], width: number | null): readonly Column<Row>[] {
  if (width === null) return columns
  const needed = leastWidth([boxTrack, ...columns.map((column) => column.width), menuTrack]) * 16
  return needed <= width ? columns : columns.filter((column) => !column.wide)
}

/** The grid's tracks, and the width under which it scrolls sideways. */
export function tracksOf<Row>(
  columns: readonly Column<Row>[],
  { selectable, actions }: { selectable: boolean; actions: boolean },
): { template: string; least: string } {
  const tracks = [
    ...(selectable ? [boxTrack] : []),
    ...columns.map(({ width }) => width),
    ...(actions ? [menuTrack] : []),
  ]
  return { template: tracks.join(' '), least: `${leastWidth(tracks)}rem` }
}

/** The width of an element, followed. */
export function useWidth(ref: RefObject<HTMLElement | null>): number | null {
  const [width, setWidth] = useState<number | null>(null)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return undefined
    setWidth(element.clientWidth)
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return width
}
