import { CircleAlert } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { Button } from '../button.tsx'
import { Checkbox } from '../checkbox.tsx'
import { cx } from '../cx.ts'
import { ErrorNote } from '../error-state.tsx'
import { type ControlProps, Field } from '../field.tsx'
import { Input, Select, Textarea } from '../input.tsx'
import { valueAt } from './paths.ts'
import { UnsavedGuard } from './unsaved-guard.tsx'
export { UnsavedGuard } from './unsaved-guard.tsx'
import type { Form as FormState } from './use-form.ts'

interface FormProps<V extends object> {
  form: FormState<V>
  children: ReactNode
  /** Asks before unsaved changes are lost; not for forms in dialogs. */
  guard?: boolean | undefined
  onDone?: () => void | undefined
  className?: string | undefined
}

/** One column of fields, with a summary on top when something is wrong. */
export function Form<V extends object>({ form, children, guard, onDone, className }: FormProps<V>) {
  return (
    <form
      noValidate
      className={cx('flex max-w-lg flex-col gap-4', className)}
      onSubmit={(event) => {
        event.preventDefault()
        event.stopPropagation()
        void form.submit().then((sent) => sent && onDone?.())
      }}
    >
      {form.failure && <ErrorNote failure={form.failure} />}
      {form.problems.length > 1 && <Summary form={form} />}
      {children}
      {guard && <UnsavedGuard dirty={form.dirty && !form.busy} />}
    </form>
  )
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
            <a
              href={`#${form.idOf(path)}`}
              className="underline underline-offset-2"
              onClick={(event) => {
                event.preventDefault()
                document.getElementById(form.idOf(path))?.focus()
              }}
            >
              {path || 'Input'}
            </a>
            : {message}
          </li>
        ))}
      </ul>
    </div>
  )
}

interface FormFieldProps<V extends object> {
  form: FormState<V>
  /** A path with dots into the values. */
  name: (keyof V & string) | `${keyof V & string}.${string}`
  label: ReactNode
  help?: ReactNode | undefined
  optional?: boolean | undefined
}

/** A field with a control of one's own. */
export function FormField<V extends object>({
  form,
  name,
  children,
  ...field
}: FormFieldProps<V> & {
  children: (control: ControlProps & { value: unknown; set: (value: unknown) => void }) => ReactNode
}) {
  return (
    <Field id={form.idOf(name)} error={form.errorAt(name)} {...field}>
      {(control) => children({ ...control, value: valueAt(form.values, name), set: (value) => form.set(name, value) })}
    </Field>
  )
}

type InputExtras = Pick<
  ComponentProps<'input'>,
  | 'type'
  | 'placeholder'
  | 'autoComplete'
  | 'autoFocus'
  | 'disabled'
  | 'inputMode'
  | 'spellCheck'
  | 'readOnly'
  | 'maxLength'
>

export function TextField<V extends object>({
  form,
  name,
  label,
  help,
  optional,
  ...extras
}: FormFieldProps<V> & InputExtras) {
  return (
    <FormField form={form} name={name} label={label} help={help} {...(optional && { optional })}>
      {({ value, set, ...control }) => (
        <Input
          {...control}
          {...extras}
          name={name}
          value={textOf(value)}
          onChange={(event) => set(event.target.value)}
          onBlur={() => form.touch(name)}
        />
      )}
    </FormField>
  )
}

/** A number in the form's values; empty is undefined. */
export function NumberField<V extends object>({
  form,
  name,
  label,
  help,
  optional,
  ...extras
}: FormFieldProps<V> & Pick<ComponentProps<'input'>, 'min' | 'max' | 'step' | 'disabled' | 'placeholder'>) {
  return (
    <FormField form={form} name={name} label={label} help={help} {...(optional && { optional })}>
      {({ value, set, ...control }) => (
        <Input
          {...control}
          {...extras}
          type="number"
          name={name}
          value={textOf(value)}
          onChange={(event) => set(event.target.value === '' ? undefined : event.target.valueAsNumber)}
          onBlur={() => form.touch(name)}
        />
      )}
    </FormField>
  )
}

export function TextareaField<V extends object>({
  form,
  name,
  label,
  help,
  optional,
  ...extras
}: FormFieldProps<V> & Pick<ComponentProps<'textarea'>, 'placeholder' | 'rows' | 'disabled' | 'spellCheck'>) {
  return (
    <FormField form={form} name={name} label={label} help={help} {...(optional && { optional })}>
      {({ value, set, ...control }) => (
        <Textarea
          {...control}
          {...extras}
          name={name}
          value={textOf(value)}
          onChange={(event) => set(event.target.value)}
          onBlur={() => form.touch(name)}
        />
      )}
    </FormField>
  )
}

interface SelectFieldProps<V extends object> extends FormFieldProps<V> {
  options: readonly { value: string; label: string; disabled?: boolean | undefined }[]
  disabled?: boolean | undefined
}

export function SelectField<V extends object>({
  form,
  name,
  label,
  help,
  optional,
  options,
  disabled,
}: SelectFieldProps<V>) {
  return (
    <FormField form={form} name={name} label={label} help={help} {...(optional && { optional })}>
      {({ value, set, ...control }) => (
        <Select
          {...control}
          name={name}
          disabled={disabled}
          value={textOf(value)}
          onChange={(event) => set(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </Select>
      )}
    </FormField>
  )
}

export function CheckboxField<V extends object>({ form, name, label, help }: FormFieldProps<V>) {
  const id = form.idOf(name)
  return (
    <div className="flex items-start gap-2">
      <Checkbox
        id={id}
        className="mt-0.5"
        checked={valueAt(form.values, name) === true}
        onCheckedChange={(checked) => form.set(name, checked === true)}
        aria-describedby={help ? `${id}-help` : undefined}
      />
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {help && (
          <p id={`${id}-help`} className="text-sm text-n10">
            {help}
          </p>
        )}
      </div>
    </div>
  )
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
  return (
    <div className={cx('flex gap-2', onCancel && 'justify-end')}>
      {onCancel && <Button onClick={onCancel}>Cancel</Button>}
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

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
