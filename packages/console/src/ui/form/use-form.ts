/*
 * One form. It knows what its fields were changed from, sends only what its user changed, follows what others change
 * where they did not, and shows both sides where both did (docs/decisions/0025-forms.md).
 *
 * Something new:
 *   const form = useForm({
 *     schema: schemas.bot.createBotInput,               // from '@steward/api/schema'
 *     initial: { name: '' },
 *     submit: (input) => create.mutateAsync(input),
 *   })
 * Something that is there:
 *   const form = useForm({
 *     schema: schemas.workspace.updateWorkspaceInput,
 *     saved: valuesOf(workspace),                       // as it is at the server; changes as others change it
 *     latest: async () => valuesOf(await readAgain()),  // asked right before sending
 *     input: (_values, changed) => ({ id, ...changed }),
 *     submit: (input) => update.mutateAsync(input),
 *     draft: `workspace ${id}`,                         // kept over a reload
 *   })
 * Both:
 *   <Form form={form}>
 *     <TextField form={form} name="name" label="Name" />
 *     <FormActions form={form} action="Save" />
 *   </Form>
 *
 * A form that is generated from a JSON Schema stands on the same: its values are the data, a field's `name` is
 * `pathOf([...])`, `wrong` checks the data, and `FormField` takes whatever control the schema asks for.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import { serverNow } from '../../base/clock.ts'
import { readDraft, writeDraft } from '../../base/drafts.ts'
import { type Failure, failureOf } from '../../base/failure.ts'
import { type FormState, begin, clashesOf, draftOf, follow, restore, saved, settle } from './form-state.ts'
import { issueMessage } from './issue-message.ts'
import { changed, pathOf, same, valueAt, withValue } from './paths.ts'
import type { Clash } from './three-way.ts'

interface Begin<V> {
  /** What the fields of something new begin with. May come later: fields that nobody touched follow. */
  initial: V
  saved?: never
  latest?: never
  merge?: never
}

interface Change<V> {
  /** What is there, as the page knows it now. */
  saved: V
  /** Reads it again, right before sending: others may have changed what no live change has told. */
  latest: (() => Promise<V>) | null
  /** Brings both sides of a field together, where a field holds more than one thing; undefined when a person has to. */
  merge?: Partial<Record<keyof V & string, (base: unknown, mine: unknown, theirs: unknown) => unknown>>
  initial?: never
}

export type FormOptions<V extends object, I> = (Begin<V> | Change<V>) & {
  /** Checks what is sent; the server checks it again with the same one. */
  schema?: z.ZodType
  /** What is wrong with each field, in words, where no schema says it; by path. */
  wrong?: (values: V) => Partial<Record<string, string | false>>
  /** What is sent: made of the fields, or of those that were changed; by default the fields as they are. */
  input?: (values: V, changed: Partial<V>) => I
  /** Throws what the server refused. */
  submit: (input: I) => Promise<unknown>
  /** Where the server's words for a field differ from the form's: its path → field. */
  fieldOf?: (path: string) => string
  /** Names the object. What is typed is kept over a reload under this name, for this person alone: nothing secret. */
  draft?: string
}

export interface Form<V extends object> {
  values: V
  set: (path: string, value: unknown) => void
  /** Back to what is at the server. */
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
  problems: readonly Problem[]
  /** What somebody else changed, too. Nothing is sent before each is settled. */
  clashes: readonly Clash[]
  /** Chooses the value of a field that both changed. */
  settle: (path: string, value: unknown) => void
  /** When what stands here was typed, if it was found from before a reload. */
  restoredAt: number | null
}

export interface Problem {
  path: string
  message: string
}

type Problems = readonly Problem[]
const noProblems: Problems = []
let forms = 0

export function useForm<V extends object, I = V>(options: FormOptions<V, I>): Form<V> {
  const { schema, submit, draft, input = (values: V) => values as unknown as I } = options
  const { fieldOf = (path: string) => path } = options
  const live = (options.saved ?? options.initial) as V
  const [prefix] = useState(() => `form${++forms}`)
  const [restoredAt, setRestoredAt] = useState(() => (draft === undefined ? null : (readDraft(draft)?.at ?? null)))
  const [state, setState] = useState<FormState<V>>(() => started(live, draft))
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<Problems>(noProblems)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  // What is sent is decided between two renderings.
  const now = useRef(state)
  const known = useRef(live)
  const put = (change: (state: FormState<V>) => FormState<V>): FormState<V> => {
    now.current = change(now.current)
    setState(now.current)
    return now.current
  }
  const followed = (before: FormState<V>, next: V): FormState<V> => {
    const after = follow(before, next)
    return clashesOf(after).reduce((done, { path, base, mine, theirs }) => {
      // Of something new there are no two sides.
      if (!options.saved) return settle(done, path, mine)
      const both = options.merge?.[path as keyof V & string]?.(base, mine, theirs)
      return both === undefined ? done : settle(done, path, both)
    }, after)
  }
  useLayoutEffect(() => {
    known.current = live
    // While it is sent the page may show as done what the server has not taken yet.
    if (!running.current && !same(live, now.current.live)) put((before) => followed(before, live))
  })
  const dirty = !same(state.values, state.base)
  const [first] = useState(state)
  useEffect(() => {
    // What was found stays as old as it is.
    if (draft === undefined || (state === first && dirty)) return
    writeDraft(draft, dirty ? { at: serverNow(), fields: draftOf(state) } : null)
  }, [draft, dirty, state, first])

  /** What is wrong, one thing for each field; the form's own words come before the schema's. */
  const problemsOf = (values: V): Problems => {
    const all = [
      ...told(options.wrong?.(values) ?? {}),
      ...(schema ? check(schema, input(values, changed(now.current.base, values))) : noProblems),
    ].map((problem) => ({ ...problem, path: fieldOf(problem.path) }))
    return all.filter(({ path }, at) => all.findIndex((other) => other.path === path) === at)
  }
  const found = problemsOf(state.values)
  const shown = [...refused, ...found.filter(({ path }) => tried || touched.has(path))]
  const clashes = options.saved ? clashesOf(state) : []

  /** Sends it. @returns whether the server took it; false also where a person has to look first. */
  const send = async (): Promise<boolean> => {
    if (options.saved && same(now.current.values, now.current.base)) return true
    setTried(true)
    if (problemsOf(now.current.values).length > 0) return refuse()
    if (options.latest) {
      const latest = await options.latest()
      put((before) => followed(before, latest))
    }
    const { values: sent, base } = now.current
    if ((options.saved && clashesOf(now.current).length > 0) || problemsOf(sent).length > 0) return refuse()
    await submit(input(sent, changed(base, sent)))
    // A dialog is gone by now.
    if (draft !== undefined) writeDraft(draft, null)
    put((before) => saved(before, sent, known.current))
    setRestoredAt(null)
    setTried(false)
    return true
  }
  const refuse = (): false => {
    focusFirst(prefix)
    return false
  }
  const submitOnce = async (): Promise<boolean> => {
    if (running.current) return false
    running.current = true
    setBusy(true)
    setFailure(null)
    setRefused(noProblems)
    try {
      return await send()
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
    values: state.values,
    dirty,
    busy,
    failure,
    problems: tried ? shown : refused,
    clashes,
    restoredAt: dirty ? restoredAt : null,
    set: (path, value) => {
      put((before) => ({ ...before, values: withValue(before.values, path, value) }))
      setRefused((before) => before.filter((problem) => problem.path !== path))
    },
    settle: (path, value) => put((before) => settle(before, path, value)),
    reset: () => {
      put(() => begin(known.current))
      if (draft !== undefined) writeDraft(draft, null)
      setRestoredAt(null)
      setTouched(new Set())
      setTried(false)
      setRefused(noProblems)
      setFailure(null)
    },
    submit: submitOnce,
    errorAt: (path) => shown.find((problem) => problem.path === path)?.message,
    touch: (path) =>
      !same(valueAt(state.values, path), valueAt(state.base, path)) &&
      setTouched((before) => new Set(before).add(path)),
    idOf: (path) => `${prefix}-${path}`,
  }
}

function started<V extends object>(live: V, draft: string | undefined): FormState<V> {
  const kept = draft === undefined ? null : readDraft(draft)
  return kept ? restore(live, kept.fields) : begin(live)
}

function check(schema: z.ZodType, sent: unknown): Problems {
  const issues = schema.safeParse(sent).error?.issues ?? []
  return issues.map((issue) => ({ path: pathOf(issue.path), message: issueMessage(issue) }))
}

function told(wrong: Partial<Record<string, string | false>>): Problems {
  return Object.entries(wrong).flatMap(([path, message]) => (message ? [{ path, message }] : []))
}

/** After the errors are on the page: the first field that is wrong or that both changed, else the summary. */
function focusFirst(prefix: string): void {
  setTimeout(() => {
    const first = `[id^="${prefix}-"]:is([aria-invalid=true], [data-invalid], [data-clash])`
    const field = document.querySelector<HTMLElement>(first) ?? document.getElementById(`${prefix}-summary`)
    field?.focus()
  })
}
