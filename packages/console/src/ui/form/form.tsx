import { CircleAlert, TriangleAlert } from 'lucide-react'
import { Fragment, type KeyboardEvent, type ReactNode } from 'react'
import { Button } from '../button.tsx'
import { cx } from '../cx.ts'
import { ErrorNote } from '../error-state.tsx'
import { DraftNote } from './draft-note.tsx'
import { UnsavedGuard } from './unsaved-guard.tsx'
import type { Form as FormState } from './use-form.ts'

interface FormProps<V extends object> {
  form: FormState<V>
  children: ReactNode
  /** Asks before unsaved changes are lost; not for forms in dialogs. */
  guard?: boolean | undefined
  onDone?: () => void | undefined
  className?: string | undefined
}

/** One column of fields, with what concerns all of them on top. */
export function Form<V extends object>({ form, children, guard, onDone, className }: FormProps<V>) {
  return (
    <InlineForm form={form} className={cx('flex max-w-lg flex-col gap-4', className)} onDone={onDone}>
      <DraftNote form={form} />
      {form.failure && <ErrorNote failure={form.failure} />}
      {form.problems.length > 1 && <Summary form={form} />}
      <ClashNote form={form} />
      {children}
      {guard && <UnsavedGuard dirty={form.dirty && !form.busy} onLeave={form.reset} />}
    </InlineForm>
  )
}

interface InlineFormProps<V extends object> {
  form: FormState<V>
  /** What it is called, where no heading says it. */
  label?: string
  children: ReactNode
  onDone?: (() => void) | undefined
  className?: string | undefined
}

/** The fields alone, for forms of one line. Enter sends it; Ctrl or ⌘ with Enter from texts of many lines, too. */
export function InlineForm<V extends object>({ form, label, children, onDone, className }: InlineFormProps<V>) {
  const send = (): void => void form.submit().then((sent) => sent && onDone?.())
  return (
    <form
      noValidate
      aria-label={label}
      className={className}
      onKeyDown={(event) => {
        if (isComposing(event)) return event.preventDefault()
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return
        event.preventDefault()
        send()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        event.stopPropagation()
        send()
      }}
    >
      {children}
    </form>
  )
}

/** Enter takes a word of an input method over, and in Safari it comes after the word has ended: neither sends a form. */
function isComposing(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && (event.nativeEvent.isComposing || event.keyCode === 229)
}

function Summary<V extends object>({ form }: { form: FormState<V> }) {
  return (
    <div
      id={form.idOf('summary')}
      role="alert"
      tabIndex={-1}
      className="flex gap-2 rounded-sm border border-bad-border bg-bad-surface p-3 text-bad"
    >
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <ul>
        {form.problems.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <FieldLink form={form} path={path} />: {message}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Says once that somebody else changed what is being changed here; each field shows both sides. */
function ClashNote<V extends object>({ form }: { form: FormState<V> }) {
  if (form.clashes.length === 0) return null
  return (
    <div role="alert" className="flex gap-2 rounded-sm border border-warn-border bg-warn-surface p-3 text-warn">
      <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <p>
        Someone else changed the same fields. Choose what to keep:{' '}
        {form.clashes.map(({ path }, index) => (
          <Fragment key={path}>
            {index > 0 && ', '}
            <FieldLink form={form} path={path} />
          </Fragment>
        ))}
      </p>
    </div>
  )
}

/** Leads to a field, by what it is called on the page. */
function FieldLink<V extends object>({ form, path }: { form: FormState<V>; path: string }) {
  const id = form.idOf(path)
  return (
    <a
      href={`#${id}`}
      className="underline underline-offset-2"
      onClick={(event) => {
        event.preventDefault()
        document.getElementById(id)?.focus()
      }}
    >
      {labelOf(id) ?? (path || 'Input')}
    </a>
  )
}

function labelOf(id: string): string | null {
  const label = document.querySelector(`label[for="${CSS.escape(id)}"]`)
  if (label) return label.firstChild?.textContent ?? null
  const title = document.getElementById(id)?.getAttribute('aria-labelledby')
  return document.getElementById(title ?? '')?.textContent ?? null
}

interface FormActionsProps<V extends object> {
  form: FormState<V>
  /** The verb: "Create token". */
  action: string
  onCancel?: () => void | undefined
  /** For forms that change what is there: nothing to save, nothing to press. */
  whenDirty?: boolean | undefined
  danger?: boolean | undefined
}

export function FormActions<V extends object>({ form, action, onCancel, whenDirty, danger }: FormActionsProps<V>) {
  const cancel = (): void => {
    // What was typed is not wanted any more, so it is not found again.
    form.reset()
    onCancel?.()
  }
  return (
    <div className={cx('flex gap-2', onCancel && 'justify-end')}>
      {onCancel && <Button onClick={cancel}>Cancel</Button>}
      <Button type="submit" look={danger ? 'danger' : 'primary'} busy={form.busy} disabled={whenDirty && !form.dirty}>
        {action}
      </Button>
      {whenDirty && form.dirty && (
        <Button look="ghost" onClick={form.reset} disabled={form.busy}>
          Discard changes
        </Button>
      )}
    </div>
  )
}
