import { State } from '../badge.tsx'
import { Button } from '../button.tsx'
import { count } from '../time-text.ts'
import type { Form } from './use-form.ts'

/** Stays in sight at the foot of a long form while something is not saved. */
export function SaveBar<V extends object>({ form }: { form: Form<V> }) {
  if (!form.dirty) return null
  const problems = form.problems.length
  const clashes = form.clashes.length
  return (
    <div className="sticky bottom-3 z-10 flex animate-appear flex-wrap items-center justify-end gap-2 rounded-lg border border-n6 bg-raised px-4 py-2.5 shadow-float">
      <span className="mr-auto text-n11">
        {problems > 0 ? (
          <State tone="bad">{count(problems, ['field to correct', 'fields to correct'])}</State>
        ) : clashes > 0 ? (
          <State tone="warn">{count(clashes, ['field changed elsewhere', 'fields changed elsewhere'])}</State>
        ) : (
          'Unsaved changes'
        )}
      </span>
      <Button look="ghost" onClick={form.reset} disabled={form.busy}>
        Discard changes
      </Button>
      <Button type="submit" look="primary" busy={form.busy}>
        Save changes
      </Button>
    </div>
  )
}
