import { account as shapes } from '@steward/api/schema'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { client, trpc } from '../../session/trpc.ts'
import { edit, useChange } from '../../ui/change.ts'
import { Combobox } from '../../ui/combobox.tsx'
import { FormField, TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Surface } from '../../ui/surface.tsx'
import type { Account } from './accounts.ts'
import { type ContactValues, contactFieldsOf, contactValuesOf } from './contact-values.ts'
import { countries } from './countries.ts'

/** Who the customer is in law, and where letters and invoices go. */
export function ContactPanel({ account }: { account: Account }) {
  const before = contactValuesOf(account)
  const { id: accountId } = account
  const queries = useQueryClient()
  const update = useChange(trpc.account.update.mutationOptions(), {
    quiet: true,
    show: ({ name }) =>
      name === undefined ? [] : [edit(trpc.account.get.queryKey({ accountId }), (old) => ({ ...old, name }))],
    refresh: () => [trpc.account.get.queryFilter({ accountId }), trpc.account.list.pathFilter()],
    done: () => 'Account saved',
    undo: (_output, sent) => () => client.account.update.mutate({ accountId, ...backOf(before, sent) }),
  })
  const form = useForm({
    schema: shapes.updateCustomerInput,
    saved: before,
    latest: async () =>
      contactValuesOf(await queries.fetchQuery({ ...trpc.account.get.queryOptions({ accountId }), staleTime: 0 })),
    input: (_values, changed) => ({ accountId, ...contactFieldsOf(changed) }),
    submit: (input) => update.mutateAsync(input),
    draft: `account ${accountId}`,
  })
  const options = useMemo(countries, [])
  return (
    <Surface title="Legal and billing">
      <Form form={form} guard>
        <TextField form={form} name="name" label="Name" maxLength={100} help="Shown in Steward." />
        <TextField form={form} name="legalName" label="Legal name" optional autoComplete="organization" />
        <TextField form={form} name="taxId" label="Tax number" optional maxLength={50} spellCheck={false} />
        <TextField form={form} name="contactEmail" label="Contact email" optional type="email" spellCheck={false} />
        <TextField form={form} name="billingEmail" label="Billing email" optional type="email" spellCheck={false} />
        <fieldset className="mt-1 flex flex-col gap-4 border-t border-n5 pt-4">
          <legend className="float-left mb-1 font-medium">Billing address</legend>
          <TextField form={form} name="billingAddress.line1" label="Street and number" autoComplete="address-line1" />
          <TextField
            form={form}
            name="billingAddress.line2"
            label="Address line 2"
            optional
            autoComplete="address-line2"
          />
          <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,2fr)] items-start gap-4">
            <TextField
              form={form}
              name="billingAddress.postalCode"
              label="Postal code"
              maxLength={20}
              autoComplete="postal-code"
            />
            <TextField form={form} name="billingAddress.city" label="City" autoComplete="address-level2" />
          </div>
          <TextField form={form} name="billingAddress.region" label="Region" optional autoComplete="address-level1" />
          <FormField
            form={form}
            name="billingAddress.country"
            label="Country"
            print={(value) => options.find((option) => option.value === value)?.label ?? ''}
          >
            {({ value, set, ...control }) => (
              <Combobox
                {...control}
                value={String(value) || null}
                onChange={set}
                options={options}
                placeholder="Choose a country"
                empty="No matching country."
              />
            )}
          </FormField>
        </fieldset>
        <FormActions form={form} action="Save account" whenDirty />
      </Form>
    </Surface>
  )
}

/** What the sent fields were before. */
function backOf(before: ContactValues, sent: object) {
  return Object.fromEntries(Object.entries(contactFieldsOf(before)).filter(([name]) => name in sent)) as ReturnType<
    typeof contactFieldsOf
  >
}
