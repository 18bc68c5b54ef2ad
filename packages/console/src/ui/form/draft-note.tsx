import { History } from 'lucide-react'
import { Button } from '../button.tsx'
import { Time } from '../time.tsx'
import type { Form } from './use-form.ts'

/** Says that what stands in the form was typed before the page was loaded, and takes it out on request. */
export function DraftNote<V extends object>({ form }: { form: Pick<Form<V>, 'restoredAt' | 'reset'> }) {
  if (form.restoredAt === null) return null
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-sm border border-info-border bg-info-surface px-3 py-2 text-info"
    >
      <p className="flex flex-1 gap-2">
        <History className="mt-0.5 size-4 shrink-0" aria-hidden />
        <span>
          Your unsaved changes are still here (from <Time at={new Date(form.restoredAt).toISOString()} />
          ).
        </span>
      </p>
      <Button size="small" onClick={form.reset}>
        Discard
      </Button>
    </div>
  )
}
