import { Check, Copy } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { byHand, useCopy } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { State } from '../../ui/badge.tsx'

interface Props {
  title: string
  /** What it is and what it opens. */
  about: string
  /** What the value is called: "key". */
  noun: string
  value: string
  onClose: () => void
  /** The verb of the last button. */
  done?: string
}

/** A secret that no later answer shows. Closing before it was copied asks once. */
export function ShownOnce({ title, about, noun, value, onClose, done = 'Done' }: Props) {
  const { copied, refused, copy } = useCopy()
  const [taken, setTaken] = useState(false)
  const [warned, setWarned] = useState(false)
  const shown = useRef<HTMLElement>(null)
  const close = (): void => {
    if (taken || warned) onClose()
    else setWarned(true)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={title}
      description={about}
      actions={
        <Button look={taken || warned ? 'primary' : 'plain'} onClick={close}>
          {warned && !taken ? 'Close without copying' : done}
        </Button>
      }
    >
      <div className="flex items-center gap-2 rounded-sm border border-n6 bg-n2 p-2 pl-3">
        <code
          ref={shown}
          onCopy={() => setTaken(true)}
          className="min-w-0 flex-1 font-mono text-xs break-all select-all"
        >
          {value}
        </code>
        <Button
          look={taken ? 'plain' : 'primary'}
          size="small"
          autoFocus
          onClick={() => void copy(value, shown.current).then((worked) => worked && setTaken(true))}
        >
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <p className="mt-3 flex items-center gap-2 text-n11" aria-live="polite">
        <State tone="warn">Shown once</State>
        {refused && !taken ? `${byHand} ` : ''}
        {warned && !taken ? `You have not copied the ${noun} yet.` : `Steward cannot show this ${noun} again.`}
      </p>
    </Dialog>
  )
}
