import { Search } from 'lucide-react'
import { useRunCommand } from '../commands/command-center.tsx'
import { Keys } from '../ui/kbd.tsx'
import { Breadcrumbs } from './breadcrumbs.tsx'
import { PersonMenu } from './person-menu.tsx'

export function TopBar() {
  const run = useRunCommand()
  return (
    <header className="flex h-12 shrink-0 items-center justify-between gap-4 border-b border-n5 px-6">
      <Breadcrumbs />
      <div className="flex shrink-0 items-center gap-2">
        <button
          type="button"
          onClick={() => run('palette.open')}
          className="inline-flex h-8 items-center gap-2 rounded-sm border border-n6 bg-n2 px-2.5 text-n10 hover:border-n7 md:w-52"
        >
          <Search className="size-3.5" aria-hidden />
          <span className="max-md:sr-only">Search or run</span>
          <Keys keys="mod+k" className="ml-auto max-md:hidden" />
        </button>
        <PersonMenu />
      </div>
    </header>
  )
}
