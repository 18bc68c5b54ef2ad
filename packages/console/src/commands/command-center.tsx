import { useRouter } from '@tanstack/react-router'
import { createContext, lazy, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Late } from '../ui/late.tsx'
import type { ReactNode } from 'react'
import { startKeys } from './listen.ts'
import { contextOf } from './command-context.ts'
import { type CommandId, type CommandTable, type Handlers, runnerOf } from './command.ts'
import type { SearchSource } from './feature.ts'
import { type TypeAhead, typeAhead } from './type-ahead.ts'

const loadPalette = () => import('./palette.tsx')
const Palette = lazy(loadPalette)
const KeySheet = lazy(() => import('./key-sheet.tsx'))

interface Center {
  commands: CommandTable
  sources: readonly SearchSource[]
  add: (layer: { current: Handlers }) => () => void
  /** How to run it here and now; null where it does nothing. */
  runner: (id: CommandId) => (() => void) | null
}

const CenterContext = createContext<Center | null>(null)

function useCenter(): Center {
  const center = use(CenterContext)
  if (!center) throw new Error('Commands need a CommandCenter around them.')
  return center
}

/** Lets what is on screen answer commands: `useCommands({ 'list.create': open })`. The innermost answer counts. */
export function useCommands(handlers: Handlers): void {
  const { add } = useCenter()
  const layer = useRef(handlers)
  useEffect(() => {
    layer.current = handlers
  })
  useEffect(() => add(layer), [add])
}

/** Runs commands from buttons and menus: `const run = useRunCommand(); run('palette.open')`. */
export function useRunCommand(): (id: CommandId) => void {
  const { runner } = useCenter()
  return (id) => runner(id)?.()
}

/** All commands and what else is found by name, and how to run a command here: for what lists them. */
export function useCommandTable(): Pick<Center, 'commands' | 'sources' | 'runner'> {
  return useCenter()
}

interface Props {
  /** Both stay the same for as long as the page lives. */
  commands: CommandTable
  sources: readonly SearchSource[]
  children: ReactNode
}

/** Holds the handlers of what is on screen, listens to keys, and shows the palette and the sheet of keys. */
export function CommandCenter({ commands, sources, children }: Props) {
  const router = useRouter()
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const layers = useRef<readonly { current: Handlers }[]>([])
  const ahead = useRef<TypeAhead | null>(null)
  const shown = useRef(open)
  /** What was typed before the palette was there; from now on it takes its keys itself. */
  const typedAhead = useCallback(() => {
    const typed = ahead.current?.take() ?? { text: '', enter: false }
    ahead.current = null
    return typed
  }, [])
  useEffect(() => {
    shown.current = open
    // Closed again before it was there: the page has its keys back.
    if (open !== 'palette') typedAhead()
  }, [open, typedAhead])
  const center = useMemo<Center>(() => {
    const togglePalette = (): void => {
      if (shown.current === 'palette') return setOpen(null)
      setOpen('palette')
      ahead.current ??= typeAhead(() => setOpen(null))
      loadPalette().catch(typedAhead)
    }
    const own: Handlers = { 'palette.open': togglePalette, 'help.keys': () => setOpen('keys') }
    return {
      commands,
      sources,
      add: (layer) => {
        layers.current = [...layers.current, layer]
        return () => {
          layers.current = layers.current.filter((other) => other !== layer)
        }
      },
      runner: (id) => {
        const layer = layers.current.findLast(({ current }) => current[id])
        return runnerOf(commands[id], contextOf(router), layer?.current[id] ?? own[id])
      },
    }
  }, [commands, sources, router, typedAhead])
  useEffect(() => startKeys(commands, center.runner), [commands, center])
  useEffect(() => {
    const idle = setTimeout(() => void loadPalette().catch(() => {}), 3000)
    return () => clearTimeout(idle)
  }, [])
  const close = (): void => setOpen(null)

  return (
    <CenterContext value={center}>
      {children}
      <Late>
        {open === 'palette' && <Palette onClose={close} typedAhead={typedAhead} />}
        {open === 'keys' && <KeySheet onClose={close} />}
      </Late>
    </CenterContext>
  )
}
