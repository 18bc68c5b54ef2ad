import { State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import type { Form } from '../../ui/form/use-form.ts'
import { count } from '../../ui/time-text.ts'

/** Stays in sight at the foot of a long form while something is not saved. */
export function SaveBar<V extends object>({ form }: { form: Form<V> }) {
  if (!form.dirty) return null
  const problems = form.problems.length
  return (
    <div className="sticky bottom-3 z-10 flex animate-appear items-center gap-2 rounded-lg border border-n6 bg-raised px-4 py-2.5 shadow-float">
      {problems > 0 ? (
        <span className="mr-auto">
          <State tone="bad">{count(problems, ['field to correct', 'fields to correct'])}</State>
        </span>
      ) : (
        <span className="mr-auto text-n11">Not saved yet</span>
      )}
      <Button look="ghost" onClick={form.reset} disabled={form.busy}>
        Discard changes
      </Button>
      <Button type="submit" look="primary" busy={form.busy}>
        Save changes
      </Button>
    </div>
  )
}
