import { Check, Copy, TriangleAlert } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { byHand, useCopy } from '../../ui/copy.tsx'
import { cx } from '../../ui/cx.ts'
import { Dialog } from '../../ui/dialog.tsx'

interface Props {
  title: string
  description: ReactNode
  /** What can never be shown again; null while there is nothing. */
  text: string | null
  /** What it is, for those who hear the page. */
  label: string
  children?: ReactNode
  onClose: () => void
}

/** Shows a secret this once. Closing it uncopied takes a second, deliberate press. */
export function ShownOnce({ text, onClose, title, ...rest }: Props) {
  const [taken, setTaken] = useState(false)
  const [warned, setWarned] = useState(false)
  const close = (): void => {
    if (!taken && !warned) return setWarned(true)
    setTaken(false)
    setWarned(false)
    onClose()
  }
  return (
    <Dialog open={text !== null} onOpenChange={(open) => open || close()} title={title} description={rest.description}>
      {text !== null && <Secret {...rest} text={text} onTaken={() => setTaken(true)} />}
      {warned && !taken && (
        <p role="alert" className="mt-3 flex gap-2 text-warn">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          You have not copied it yet, and it cannot be shown again.
        </p>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button look={taken ? 'primary' : 'plain'} onClick={close}>
          {taken ? 'Done' : warned ? 'Close without copying' : 'Close'}
        </Button>
      </div>
    </Dialog>
  )
}

interface SecretProps {
  text: string
  label: string
  children?: ReactNode
  onTaken: () => void
}

function Secret({ text, label, children, onTaken }: SecretProps) {
  const { copied, refused, copy } = useCopy()
  const lines = text.split('\n')
  const shown = useRef<HTMLDivElement>(null)
  return (
    <>
      <div
        ref={shown}
        role="region"
        aria-label={label}
        tabIndex={0}
        onCopy={onTaken}
        className={cx(
          'rounded-sm border border-n6 bg-n2 p-3 font-mono text-sm break-all select-all',
          lines.length > 1 && 'grid grid-cols-2 gap-x-6 gap-y-1',
        )}
      >
        {lines.map((line) => (
          <span key={line} className="block">
            {line}
          </span>
        ))}
      </div>
      <Button
        className="mt-3"
        look="primary"
        autoFocus
        onClick={() => void copy(text, shown.current).then((worked) => worked && onTaken())}
      >
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
        {copied ? 'Copied' : 'Copy'}
      </Button>
      <p aria-live="polite" className="mt-3 text-n11 empty:hidden">
        {refused ? byHand : ''}
      </p>
      {children}
    </>
  )
}
