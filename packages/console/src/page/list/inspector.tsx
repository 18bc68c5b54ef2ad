import { ArrowUpRight, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'

interface Props {
  title: string
  onClose: () => void
  onOpen?: () => void | undefined
  children: ReactNode
}

/** The selected row at the right; the list stays where it is. */
export function Inspector({ title, onClose, onOpen, children }: Props) {
  return (
    <aside
      aria-label={`Inspector: ${title}`}
      className="flex w-[26rem] max-w-[50vw] shrink-0 animate-slide flex-col border-l border-n5 bg-raised"
    >
      <header className="flex h-12 shrink-0 items-center gap-1 border-b border-n5 pr-2 pl-4">
        <h2 className="min-w-0 flex-1 truncate font-semibold">{title}</h2>
        {onOpen && (
          <Tooltip text="Open page" keys="shift+enter">
            <Button look="ghost" size="smallIcon" onClick={onOpen} aria-label="Open page">
              <ArrowUpRight aria-hidden />
            </Button>
          </Tooltip>
        )}
        <Tooltip text="Close" keys="escape">
          <Button look="ghost" size="smallIcon" onClick={onClose} aria-label="Close inspector">
            <X aria-hidden />
          </Button>
        </Tooltip>
      </header>
      <div className="pane min-h-0 flex-1 p-4">{children}</div>
    </aside>
  )
}
