import type { Permission } from '@steward/api'
import { workspace as shapes } from '@steward/api/schema'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Lock } from 'lucide-react'
import { safeHref } from '../../base/links.ts'
import { client, trpc } from '../../session/trpc.ts'
import { edit, useChange } from '../../ui/change.ts'
import { CheckboxField, NumberField, TextField, TextareaField } from '../../ui/form/fields.tsx'
import { Form } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Surface } from '../../ui/surface.tsx'
import { HandleField } from './handle-field.tsx'
import { SaveBar } from '../../ui/form/save-bar.tsx'
import { useRolesFor } from '../../session/roles-for.ts'
import { fieldsOf, valuesOf } from './settings-values.ts'
import { useWorkspace } from '../../session/use-workspace.ts'

/** Everything that can be changed, in one form; only what differs is sent, so each role sends what it may. */
export function SettingsForm() {
  const { workspaceId: id, workspace, may } = useWorkspace()
  const before = valuesOf(workspace)
  const queries = useQueryClient()
  const update = useChange(trpc.workspace.update.mutationOptions(), {
    quiet: true,
    show: (input) => [
      edit(trpc.workspace.get.queryKey({ id }), (old) => ({
        ...old,
        ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
      })),
    ],
    refresh: () => [trpc.workspace.pathFilter()],
    done: () => 'Settings saved',
    undo: (_output, input) => () => client.workspace.update.mutate({ id, ...undoOf(before, input) }),
  })
  const form = useForm({
    schema: shapes.updateWorkspaceInput,
    saved: before,
    latest: async () =>
      valuesOf(await queries.fetchQuery({ ...trpc.workspace.get.queryOptions({ id }), staleTime: 0 })),
    input: (_values, changed) => ({ id, ...fieldsOf(changed) }),
    submit: (input) => update.mutateAsync(input),
    draft: `workspace ${id}`,
  })
  const profile = may('workspace.update#profile')
  const limit = may('workspace.update#spendingLimit')
  return (
    <Form form={form} guard className="max-w-none [&_:is(input,textarea,[data-clash])]:scroll-mb-36">
      <Surface title="Name and handle" action={!profile && <ReadOnly permission="workspace.update#profile" />}>
        <Fields>
          <TextField form={form} name="name" label="Name" disabled={!profile} maxLength={64} />
          <HandleField form={form} current={before.handle} disabled={!profile} />
        </Fields>
      </Surface>
      <Surface
        title="Profile"
        about="What others see if the workspace is in the public directory."
        action={!profile && <ReadOnly permission="workspace.update#profile" />}
      >
        <Fields>
          <fieldset disabled={!profile} className="contents">
            <CheckboxField
              form={form}
              name="isPublic"
              label="List it in the public directory"
              help="Name, handle and this profile become visible to everybody who is signed in here. Bots and members do not."
            />
          </fieldset>
          <TextareaField form={form} name="about" label="About" optional rows={3} disabled={!profile} />
          <TextField
            form={form}
            name="website"
            label="Website"
            optional
            type="url"
            placeholder="https://"
            spellCheck={false}
            disabled={!profile}
            help={<Visit address={form.values.website} />}
          />
          <TextField
            form={form}
            name="contactEmail"
            label="Contact email"
            optional
            type="email"
            spellCheck={false}
            disabled={!profile}
          />
          <TextareaField
            form={form}
            name="socialAccounts"
            label="Social media links"
            optional
            rows={2}
            spellCheck={false}
            disabled={!profile}
            help="One URL per line, five at most."
          />
          <TextField
            form={form}
            name="profilePicture"
            label="Picture URL"
            optional
            type="url"
            placeholder="https://"
            spellCheck={false}
            disabled={!profile}
            help="For programs that use the profile. The console shows initials, because it loads nothing from other servers."
          />
        </Fields>
      </Surface>
      <Surface
        title="Spending limit"
        about="The maximum this workspace can spend per month."
        action={!limit && <ReadOnly permission="workspace.update#spendingLimit" />}
      >
        <Fields>
          <NumberField
            form={form}
            name="spendingLimit"
            label="US dollars per month"
            min={5}
            max={1000}
            step={0.01}
            disabled={!limit}
            help="From 5 to 1,000 dollars, with at most two decimal places."
          />
        </Fields>
      </Surface>
      <SaveBar form={form} />
    </Form>
  )
}

function Fields({ children }: { children: ReactNode }) {
  return <div className="flex max-w-lg flex-col gap-4">{children}</div>
}

function ReadOnly({ permission }: { permission: Permission }) {
  return (
    <span className="flex shrink-0 items-center gap-1.5 text-sm text-n10">
      <Lock className="size-3.5" aria-hidden />
      Changed by {useRolesFor(permission)}
    </span>
  )
}

/** What the sent fields were before. A first handle stays: none can be taken away. */
function undoOf(before: ReturnType<typeof valuesOf>, sent: object) {
  const { handle, ...fields } = fieldsOf(before)
  const back = Object.entries({ ...fields, ...(handle && { handle }) }).filter(([name]) => name in sent)
  return Object.fromEntries(back) as Partial<ReturnType<typeof fieldsOf>>
}

/** A link to what the field holds, where that may be one. */
function Visit({ address }: { address: string }) {
  const url = safeHref(address)
  if (url === null) return null
  return (
    <a
      href={safeHref(address) ?? undefined}
      target="_blank"
      rel="noreferrer"
      className="text-accent-text underline underline-offset-2"
    >
      Open {new URL(url).host}
    </a>
  )
}
