/*
 * const form = useForm({
 *   schema: schemas.me.createPersonalAccessTokenInput,      // from '@steward/api/schema'
 *   initial: { note: '' },
 *   input: (values) => withoutBlanks(values),               // optional: what is sent and checked
 *   submit: (input) => create.mutateAsync(input),
 * })
 * <Form form={form}>
 *   <TextField form={form} name="note" label="Note" />
 *   <FormActions form={form} action="Create token" />
 * </Form>
 */
import { useRef, useState } from 'react'
import type { z } from 'zod'
import { type Failure, failureOf } from '../../base/failure.ts'
import { issueMessage } from './issue-message.ts'
import { same, valueAt, withValue } from './paths.ts'

export interface FormOptions<V extends object, I> {
  /** Checks what is sent; the server checks it again with the same one. */
  schema: z.ZodType | null
  /** What is wrong with each field, in words, where no schema says it. */
  wrong?: (values: V) => Partial<Record<keyof V & string, string | false>>
  /** May change while nothing was typed: the form follows. */
  initial: V
  /** What is sent, made of the fields; by default the fields as they are. */
  input?: (values: V) => I
  /** Throws what the server refused. */
  submit: (input: I) => Promise<unknown>
  /** Where the server's words for a field differ from the form's: its path → field. */
  fieldOf?: (path: string) => string
}

export interface Form<V extends object> {
  values: V
  set: (path: string, value: unknown) => void
  reset: () => void
  submit: () => Promise<boolean>
  errorAt: (path: string) => string | undefined
  /** Says that a field was left: from then on it is checked as it is typed. */
  touch: (path: string) => void
  /** The id of a field's control. */
  idOf: (path: string) => string
  dirty: boolean
  busy: boolean
  /** What could not be shown at a field. */
  failure: Failure | null
  /** Everything that is wrong after trying to send, for the summary. */
  problems: readonly { path: string; message: string }[]
}

type Problems = readonly { path: string; message: string }[]
const noProblems: Problems = []
let forms = 0

export function useForm<V extends object, I = V>(options: FormOptions<V, I>): Form<V> {
  const {
    schema,
    initial,
    submit,
    input = (values: V) => values as unknown as I,
    fieldOf = (path: string) => path,
  } = options
  const [prefix] = useState(() => `form${++forms}`)
  const [base, setBase] = useState(initial)
  const [values, setValues] = useState(initial)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<Problems>(noProblems)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  const dirty = !same(values, base)
  if (!dirty && !same(initial, base)) {
    setBase(initial)
    setValues(initial)
  }
  const found = [...check(schema, input, values), ...told(options.wrong?.(values) ?? {})].map((problem) => ({
    ...problem,
    path: fieldOf(problem.path),
  }))
  const shown = [...refused, ...found.filter(({ path }) => tried || touched.has(path))]

  const send = async (): Promise<boolean> => {
    if (running.current) return false
    setTried(true)
    setFailure(null)
    setRefused(noProblems)
    if (found.length > 0) {
      focusFirst(prefix)
      return false
    }
    running.current = true
    setBusy(true)
    try {
      await submit(input(values))
      setBase(values)
      setTried(false)
      return true
    } catch (error) {
      const failed = failureOf(error)
      const issues = failed.issues.map((issue) => ({ ...issue, path: fieldOf(issue.path) }))
      setRefused(issues)
      if (issues.length === 0) setFailure(failed)
      else focusFirst(prefix)
      return false
    } finally {
      running.current = false
      setBusy(false)
    }
  }

  return {
    values,
    dirty,
    busy,
    failure,
    problems: tried ? shown : refused,
    set: (path, value) => {
      setValues((before) => withValue(before, path, value))
      setRefused((before) => before.filter((problem) => problem.path !== path))
    },
    reset: () => {
      setValues(base)
      setTouched(new Set())
      setTried(false)
      setRefused(noProblems)
      setFailure(null)
    },
    submit: send,
    errorAt: (path) => shown.find((problem) => problem.path === path)?.message,
    touch: (path) => valueAt(values, path) !== valueAt(base, path) && setTouched((before) => new Set(before).add(path)),
    idOf: (path) => `${prefix}-${path}`,
  }
}

function check<V extends object, I>(schema: z.ZodType | null, input: (values: V) => I, values: V): Problems {
  if (!schema) return noProblems
  const parsed = schema.safeParse(input(values))
  if (parsed.success) return noProblems
  return parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issueMessage(issue) }))
}

function told(wrong: Record<string, string | false | undefined>): Problems {
  return Object.entries(wrong).flatMap(([path, message]) => (message ? [{ path, message }] : []))
}

/** After the errors are on the page. */
function focusFirst(prefix: string): void {
  setTimeout(() => {
    const summary = document.getElementById(`${prefix}-summary`)
    const field = document.querySelector<HTMLElement>(`[id^="${prefix}-"][aria-invalid=true]`)
    ;(field ?? summary)?.focus()
  })
}
