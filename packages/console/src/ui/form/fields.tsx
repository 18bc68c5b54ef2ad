import type { ComponentProps, ReactNode } from 'react'
import { Checkbox } from '../checkbox.tsx'
import { type ControlProps, Field, FieldError } from '../field.tsx'
import { Input, Select, Textarea } from '../input.tsx'
import { ClashChoice } from './clash-choice.tsx'
import { valueAt } from './paths.ts'
import type { Form } from './use-form.ts'

interface FormFieldProps<V extends object> {
  form: Form<V>
  /** A path with dots into the values. */
  name: (keyof V & string) | `${keyof V & string}.${string}`
  label: ReactNode
  help?: ReactNode | undefined
  optional?: boolean | undefined
  /** How its values are read where somebody chooses between two. */
  print?: ((value: unknown) => string) | undefined
}

/** A field with a control of one's own. */
export function FormField<V extends object>({
  form,
  name,
  print,
  children,
  ...field
}: FormFieldProps<V> & {
  children: (control: ControlProps & { value: unknown; set: (value: unknown) => void }) => ReactNode
}) {
  return (
    <Field
      id={form.idOf(name)}
      error={form.errorAt(name)}
      below={<ClashChoice form={form} path={name} label={field.label} print={print} />}
      {...field}
    >
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

/** What of the properties is the field's, and what the control's. */
function parted<V extends object, Extras extends object>({
  form,
  name,
  label,
  help,
  optional,
  print,
  ...extras
}: FormFieldProps<V> & Extras) {
  return { field: { form, name, label, help, optional, print }, extras }
}

export function TextField<V extends object>(props: FormFieldProps<V> & InputExtras) {
  const { field, extras } = parted<V, InputExtras>(props)
  const { form, name } = field
  return (
    <FormField {...field}>
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

type NumberExtras = Pick<ComponentProps<'input'>, 'min' | 'max' | 'step' | 'disabled' | 'placeholder'>

/** A number in the form's values; empty is undefined. */
export function NumberField<V extends object>(props: FormFieldProps<V> & NumberExtras) {
  const { field, extras } = parted<V, NumberExtras>(props)
  const { form, name } = field
  return (
    <FormField {...field}>
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

type TextareaExtras = Pick<ComponentProps<'textarea'>, 'placeholder' | 'rows' | 'disabled' | 'spellCheck'>

export function TextareaField<V extends object>(props: FormFieldProps<V> & TextareaExtras) {
  const { field, extras } = parted<V, TextareaExtras>(props)
  const { form, name } = field
  return (
    <FormField {...field}>
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

interface SelectExtras {
  options: readonly { value: string; label: string; disabled?: boolean | undefined }[]
  disabled?: boolean | undefined
}

export function SelectField<V extends object>(props: FormFieldProps<V> & SelectExtras) {
  const { field, extras } = parted<V, SelectExtras>(props)
  const { options, disabled } = extras
  const print = (value: unknown): string => options.find((option) => option.value === value)?.label ?? textOf(value)
  return (
    <FormField {...field} print={field.print ?? print}>
      {({ value, set, ...control }) => (
        <Select
          {...control}
          name={field.name}
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

const onOrOff = (value: unknown): string => (value === true ? 'On' : 'Off')

export function CheckboxField<V extends object>({ form, name, label, help, print = onOrOff }: FormFieldProps<V>) {
  const id = form.idOf(name)
  const error = form.errorAt(name)
  const about = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div>
      <div className="flex items-start gap-2">
        <Checkbox
          id={id}
          className="mt-0.5"
          checked={valueAt(form.values, name) === true}
          onCheckedChange={(checked) => form.set(name, checked === true)}
          aria-describedby={about || undefined}
          aria-invalid={error ? true : undefined}
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
          <FieldError id={id} error={error} />
        </div>
      </div>
      <ClashChoice form={form} path={name} label={label} print={print} />
    </div>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
