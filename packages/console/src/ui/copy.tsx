import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { isMac } from './keys.ts'
import { Button } from './button.tsx'
import { cx } from './cx.ts'
import { shortId } from './ids.ts'
import { copyText, selectContents } from './clipboard.ts'
import { toast } from './toast.ts'

/**
 * Copies, and says so for a moment where it was pressed.
 * `copy` resolves to whether it worked. Where it did not, `shown`, the element that shows the text, is selected.
 */
export function useCopy(): {
  copied: boolean
  refused: boolean
  copy: (text: string, shown?: HTMLElement | null) => Promise<boolean>
} {
  const [copied, setCopied] = useState(false)
  const [refused, setRefused] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async (text: string, shown?: HTMLElement | null): Promise<boolean> => {
    const done = await copyText(text)
    setCopied(done)
    setRefused(!done)
    if (!done) askByHand(shown)
    return done
  }
  return { copied, refused, copy }
}

/** Copies and says that `what` is copied, for menus that are gone by then. */
export async function copyAndSay(text: string, what: string): Promise<void> {
  if (await copyText(text)) toast({ title: `${what} copied` })
  else askByHand()
}

/** What stands beside text that is selected because it could not be copied. */
export const byHand = `The browser did not allow copying. The text is selected: press ${isMac ? '⌘C' : 'Ctrl+C'}.`

/** Asks the person to copy what cannot be copied for them. */
function askByHand(shown?: HTMLElement | null): void {
  if (shown) selectContents(shown)
  toast({
    title: shown ? byHand : 'The browser did not allow copying. Select the text and copy it yourself.',
    tone: 'bad',
  })
}

/** An id in mono, shortened in the middle; a press copies the whole. */
export function CopyId({
  id,
  whole,
  className,
}: {
  id: string
  whole?: boolean | undefined
  className?: string | undefined
}) {
  const { copied, copy } = useCopy()
  return (
    <button
      type="button"
      title={copied ? 'Copied' : `Copy ${id}`}
      onClick={(event) => {
        event.stopPropagation()
        void copy(id)
      }}
      className={cx(
        'group/id -mx-1 inline-flex max-w-full items-center gap-1 rounded-xs px-1 font-mono text-xs hover:bg-n3',
        className,
      )}
    >
      <span className="truncate">{whole ? id : shortId(id)}</span>
      {copied ? (
        <Check className="size-3 shrink-0" aria-hidden />
      ) : (
        <Copy
          className="size-3 shrink-0 opacity-0 group-hover/id:opacity-100 group-focus-visible/id:opacity-100"
          aria-hidden
        />
      )}
      <span className="sr-only" aria-live="polite">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}

/** Copies the text, which the element before it may show. */
export function CopyButton({
  text,
  children,
  className,
}: {
  text: string
  children?: ReactNode | undefined
  className?: string | undefined
}) {
  const { copied, copy } = useCopy()
  return (
    <Button
      size={children ? 'small' : 'smallIcon'}
      look={children ? 'plain' : 'ghost'}
      onClick={({ currentTarget }) => void copy(text, currentTarget.previousElementSibling as HTMLElement | null)}
      className={className}
      aria-label={children ? undefined : 'Copy'}
    >
      {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      {children && (copied ? 'Copied' : children)}
    </Button>
  )
}

interface CodeProps {
  code: string
  /** What it is, for those who hear the page. */
  label: string
  className?: string | undefined
}

/** Code as it is, to be copied whole. Long lines scroll. */
export function CodeBlock({ code, label, className }: CodeProps) {
  return (
    <div className={cx('group relative rounded-sm border border-n5 bg-n2', className)}>
      {/* Focusable, so that it can be scrolled by keys. */}
      <pre
        className="pane max-h-96 p-3 pr-11 font-mono text-xs leading-5"
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        <code>{code}</code>
      </pre>
      <CopyButton text={code} className="absolute top-1.5 right-1.5 bg-n2" />
    </div>
  )
}
