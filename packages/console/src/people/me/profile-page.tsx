import { me as shapes } from '@steward/api/schema'
import type { RouterOutputs } from '@steward/api'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { connection } from '../../session/connection.ts'
import { client, trpc } from '../../session/trpc.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { State } from '../../ui/badge.tsx'
import { edit, useChange } from '../../ui/change.ts'
import { CopyId } from '../../ui/copy.tsx'
import { CopyAs } from '../../page/copy-as/copy-as.tsx'
import { requestOf } from '../../page/copy-as/request.ts'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { missing } from '../../ui/form/issue-message.ts'
import { useForm } from '../../ui/form/use-form.ts'
import { Page } from '../../ui/page.tsx'
import { Fact, Facts, Surface } from '../../ui/surface.tsx'
import { Time } from '../../ui/time.tsx'
import { DeletePerson } from './delete-person.tsx'
import { MeTabs } from './me-tabs.tsx'
import { meOptions } from '../../session/me.ts'

type Person = RouterOutputs['me']['get']['account']

/** Who the person is to others, and the way to leave for good. */
export function ProfilePage() {
  const { data } = useSuspenseQuery(meOptions())
  const { account } = data
  return (
    <Page title="Profile" tabs={<MeTabs />} actions={<CopyAs request={requestOf(meOptions().queryKey)} />}>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
        <div className="flex flex-col gap-4">
          <Surface title="How others see you" about="Members of your workspaces see it next to what you do.">
            <ProfileForm />
          </Surface>
          {connection.kind !== 'local' && <DeletePerson />}
        </div>
        <Surface>
          <div className="flex items-center gap-3">
            <Avatar name={account.displayName || account.email} className="size-11 text-base" />
            <div className="min-w-0">
              <p className="truncate font-semibold">{account.displayName || account.email}</p>
              <p className="truncate text-n11">{account.email}</p>
            </div>
          </div>
          <Facts className="mt-4 border-t border-n5 pt-4">
            <Fact name="Email">
              {account.emailVerified ? <State tone="good">Verified</State> : <State tone="neutral">Not verified</State>}
            </Fact>
            <Fact name="Since">
              <Time at={account.createdAt} />
            </Fact>
            <Fact name="Id">
              <CopyId id={account.id} />
            </Fact>
          </Facts>
        </Surface>
      </div>
    </Page>
  )
}

const valuesOf = ({ displayName = '', profilePicture = '' }: Person) => ({ displayName, profilePicture })

function ProfileForm() {
  const { data } = useSuspenseQuery(meOptions())
  const queries = useQueryClient()
  const { displayName, profilePicture } = valuesOf(data.account)
  const update = useChange(trpc.me.update.mutationOptions(), {
    quiet: true,
    show: (input) => [
      edit(trpc.me.get.queryKey({}), (old) => ({
        account: { ...old.account, displayName: input.displayName ?? displayName },
      })),
    ],
    refresh: () => [trpc.me.get.queryFilter(), trpc.member.pathFilter()],
    done: () => 'Profile saved',
    undo: (_output, sent) => () =>
      client.me.update.mutate({
        ...(sent.displayName !== undefined && { displayName }),
        ...(sent.profilePicture !== undefined && { profilePicture }),
      }),
  })
  const form = useForm({
    schema: shapes.updateAccountInput,
    saved: valuesOf(data.account),
    latest: async () => valuesOf((await queries.fetchQuery({ ...meOptions(), staleTime: 0 })).account),
    wrong: (values) => ({ displayName: values.displayName.trim() === '' && missing }),
    input: (_values, changed) => changed,
    submit: (input) => update.mutateAsync(input),
    draft: 'profile',
  })
  return (
    <Form form={form} guard>
      <TextField form={form} name="displayName" label="Name" autoComplete="name" maxLength={100} />
      <TextField
        form={form}
        name="profilePicture"
        label="Picture URL"
        optional
        type="url"
        placeholder="https://"
        spellCheck={false}
        help="For programs that use your profile. The console shows initials, because it loads nothing from other servers."
      />
      <FormActions form={form} action="Save profile" whenDirty />
    </Form>
  )
}
