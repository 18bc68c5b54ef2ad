import { Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { useCommands } from '../commands/command-center.tsx'
import { readSetting, writeSetting } from '../base/setting.ts'
import { Rail } from './rail.tsx'
import { SessionEnded } from './session-ended.tsx'
import { TopBar } from './top-bar.tsx'
import { useNarrow } from './use-narrow.ts'

/** What stays while pages change: rail, top bar, and the place where pages appear. */
export function Shell() {
  const [wanted, setWanted] = useState(() => readSetting('rail') === 'folded')
  // A narrow window folds it, whatever is wanted in a wide one.
  const narrow = useNarrow()
  const [openAnyway, setOpenAnyway] = useState(false)
  const folded = narrow ? !openAnyway : wanted
  const toggle = (): void => {
    if (narrow) return setOpenAnyway(!openAnyway)
    setWanted(!wanted)
    writeSetting('rail', wanted ? null : 'folded')
  }
  useCommands({ 'rail.toggle': toggle })
  return (
    <div className="flex h-full min-w-0">
      <a
        href="#main"
        className="sr-only rounded-sm bg-raised px-3 py-2 shadow-float focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to content
      </a>
      <Rail folded={folded} onToggle={toggle} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar />
        <main id="main" tabIndex={-1} className="min-h-0 flex-1 focus:outline-none">
          <Outlet />
        </main>
      </div>
      <SessionEnded />
    </div>
  )
}
