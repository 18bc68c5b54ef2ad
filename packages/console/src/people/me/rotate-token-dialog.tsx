import { trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { graces } from './token-life.ts'
import { type Token, tokenName } from './tokens.ts'

interface Props {
  token: Token | null
  onClose: () => void
  onMade: (made: { value: string; note: string; grace: string }) => void
}

/** A new value for the same token, with time to put it where the old one is used. */
export function RotateTokenDialog({ token, onClose, onMade }: Props) {
  return (
    <Dialog
      open={token !== null}
      onOpenChange={(open) => open || onClose()}
      title={token ? `Rotate ${tokenName(token)}` : 'Rotate token'}
      description="It gets a new value. Its note, scopes and expiry stay as they are."
    >
      {token && <RotateForm token={token} onClose={onClose} onMade={onMade} />}
    </Dialog>
  )
}

function RotateForm({ token, onClose, onMade }: { token: Token } & Omit<Props, 'token'>) {
  const rotate = useChange(trpc.me.rotateToken.mutationOptions(), {
    quiet: true,
    refresh: () => [trpc.me.listTokens.pathFilter()],
  })
  const form = useForm({
    initial: { grace: '86400' },
    submit: async ({ grace }) => {
      const { pat } = await rotate.mutateAsync({ id: token.id, graceSeconds: Number(grace) })
      onClose()
      const words = graces.find(({ value }) => value === grace)?.label
      onMade({
        value: pat.value,
        note: tokenName(token),
        grace: grace === '0' ? 'The old value no longer works.' : `The old value works for another ${words}.`,
      })
    },
  })
  return (
    <Form form={form}>
      <SelectField
        form={form}
        name="grace"
        label="How long should the old value keep working?"
        options={graces}
        help="Values that were replaced earlier stop working immediately. If the old one may have leaked, choose the last option."
      />
      <FormActions form={form} action="Rotate token" onCancel={onClose} />
    </Form>
  )
}
