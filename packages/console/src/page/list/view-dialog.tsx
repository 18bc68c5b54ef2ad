import { z } from 'zod'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import type { SavedViews } from './saved-views.ts'
import { type SavedView, longestViewName, mostViews, withView, withoutView } from './view.ts'

interface Props {
  views: readonly SavedView[]
  /** What is kept. */
  search: string
  /** The name that it has already: then only the name changes. */
  renamed?: string
  keep: SavedViews['keep']
  onClose: () => void
}

const shape = z.object({ name: z.string().trim().min(1).max(longestViewName) })

/** Asks for a view's name; the name of another view takes its place. */
export function ViewDialog({ views, search, renamed, keep, onClose }: Props) {
  const others = renamed === undefined ? views : withoutView(views, renamed)
  const form = useForm({
    schema: shape,
    initial: { name: renamed ?? '' },
    submit: ({ name }) =>
      keep(
        withView(others, { name: name.trim(), search }),
        renamed === undefined ? `View ${name.trim()} saved` : `View renamed to ${name.trim()}`,
      ),
  })
  const replaces = others.some(({ name }) => name === form.values.name.trim())
  const full = renamed === undefined && !replaces && views.length >= mostViews
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={renamed === undefined ? 'Save this view' : 'Rename this view'}
      description="Its filters, order and columns. Only you can see it, on every device."
    >
      {full ? (
        <p>You keep {mostViews} views of this list, the maximum. Delete one of them first.</p>
      ) : (
        <Form form={form} onDone={onClose}>
          <TextField
            form={form}
            name="name"
            label="Name"
            help={
              replaces
                ? 'You already have a view with this name. It will be replaced.'
                : 'For example, “Deployed this week”.'
            }
            autoComplete="off"
            autoFocus
          />
          <FormActions
            form={form}
            action={replaces ? 'Replace view' : renamed === undefined ? 'Save view' : 'Rename view'}
            onCancel={onClose}
          />
        </Form>
      )}
    </Dialog>
  )
}
