import { CircleAlert, CircleCheck } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef } from 'react'
import { cx } from '../../ui/cx.ts'
import { count, number } from '../../ui/time-text.ts'
import type { Problem } from './use-json.ts'

interface Props {
  id?: string
  label: string
  value: string
  onChange: (value: string) => void
  problems: readonly Problem[]
  readOnly?: boolean
  /** Said when nothing is wrong. */
  fine?: string
  /** Bytes that it may have at most. */
  most: number
  className?: string
}

const shown = 6

/** JSON as text, with numbered lines; what is wrong stands under it and leads to its line. */
export function JsonEditor({ id: own, label, value, onChange, problems, readOnly, fine, most, className }: Props) {
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const made = useId()
  const id = own ?? made
  useCaret(area, value)
  const lines = value.split('\n')
  const bad = new Set(problems.map(({ line }) => line))
  const size = new TextEncoder().encode(value).length
  const goTo = ({ line, column }: Problem): void => {
    const offset = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1
    const end = offset + Math.max(1, (lines[line - 1]?.length ?? 0) - column + 1)
    area.current?.focus()
    area.current?.setSelectionRange(offset, end)
    if (area.current) area.current.scrollTop = Math.max(0, (line - 6) * 20)
  }
  return (
    <div className={cx('flex min-h-0 flex-col', className)}>
      <div
        className={cx(
          'flex min-h-0 flex-1 overflow-hidden rounded-sm border bg-raised focus-within:border-ring focus-within:outline-1 focus-within:outline-ring',
          problems.length > 0 ? 'border-bad' : 'border-n8/70',
        )}
      >
        <div
          ref={gutter}
          aria-hidden
          className="w-11 shrink-0 overflow-hidden border-r border-n5 bg-n2 py-2 text-right font-mono text-xs leading-5 text-n10 select-none"
        >
          {lines.map((_, index) => (
            <div key={index} className={cx('pr-2', bad.has(index + 1) && 'bg-bad-surface font-semibold text-bad')}>
              {index + 1}
            </div>
          ))}
        </div>
        <textarea
          ref={area}
          id={id}
          aria-label={label}
          aria-invalid={problems.length > 0}
          aria-describedby={`${id}-said`}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          wrap="off"
          readOnly={readOnly}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={indentLikeBefore}
          onScroll={(event) => {
            if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop
          }}
          className="pane min-h-0 flex-1 resize-none bg-transparent p-2 font-mono text-xs leading-5 outline-none"
        />
      </div>
      <div id={`${id}-said`} aria-live="polite" className="mt-1.5 flex min-h-5 items-start gap-3 text-sm">
        {problems.length === 0 ? (
          <p className="flex flex-1 items-center gap-1.5 text-n11">
            <CircleCheck className="size-3.5 text-good" aria-hidden />
            {fine}
          </p>
        ) : (
          <ul className="flex min-w-0 flex-1 flex-col gap-0.5">
            {problems.slice(0, shown).map((problem) => (
              <li key={`${problem.line} ${problem.path} ${problem.message}`}>
                <button
                  type="button"
                  onClick={() => goTo(problem)}
                  className="group flex max-w-full items-start gap-1.5 rounded-xs text-left text-bad"
                >
                  <CircleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
                  <span className="min-w-0 break-words group-hover:underline group-hover:underline-offset-2">
                    Line {problem.line}: {problem.path && <code className="font-mono text-xs">{problem.path} </code>}
                    {problem.message}
                  </span>
                </button>
              </li>
            ))}
            {problems.length > shown && <li className="text-n10">and {problems.length - shown} more</li>}
          </ul>
        )}
        <span className={cx('shrink-0 text-xs', size > most ? 'text-bad' : 'text-n10')}>
          {count(lines.length, ['line', 'lines'])}, {number(size)} of {number(most)} bytes
        </span>
      </div>
    </div>
  )
}

/** A new line begins where the last one did; after an opening bracket two further. */
function indentLikeBefore(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return
  const { value, selectionStart, readOnly } = event.currentTarget
  if (readOnly) return
  const line = value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart)
  const indent = `${/^\s*/.exec(line)?.[0] ?? ''}${/[{[]\s*$/.test(line) ? '  ' : ''}`
  // The one way that the browser's own undo goes along with.
  if (document.execCommand('insertText', false, `\n${indent}`)) event.preventDefault()
}

/** Where others change the text around the caret, it stays in front of the same text. */
function useCaret(area: RefObject<HTMLTextAreaElement | null>, value: string): void {
  // What stands on the page still: afterwards the browser has put the caret at the end.
  const before = area.current?.value
  const at = area.current?.selectionStart
  useLayoutEffect(() => {
    if (before === undefined || at === undefined || before === value) return
    const caret = caretAfter(before, value, at)
    if (document.activeElement === area.current) area.current?.setSelectionRange(caret, caret)
  })
}

/** Where a caret stands after a text was changed in the middle. */
export function caretAfter(before: string, after: string, at: number): number {
  let same = 0
  while (same < at && before[same] === after[same]) same++
  if (same === at) return at
  let tail = 0
  while (tail < before.length - at && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  return tail === before.length - at ? after.length - tail : same
}
