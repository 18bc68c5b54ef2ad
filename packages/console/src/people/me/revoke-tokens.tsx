import { trpc } from '../../session/trpc.ts'
import { editAll, useChange } from '../../ui/change.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { mapRows } from '../../session/paged.ts'
import { Time } from '../../ui/time.tsx'
import { count } from '../../ui/time-text.ts'
import { toast } from '../../ui/toast.ts'
import { type Token, tokenName } from './tokens.ts'

interface Props {
  asked: { tokens: Token[]; done: () => void } | null
  onClose: () => void
}

/** Asks, then ends tokens for good. */
export function RevokeTokens({ asked, onClose }: Props) {
  const tokens = asked?.tokens ?? []
  const revoke = useChange(trpc.me.deleteToken.mutationOptions(), {
    quiet: true,
    show: ({ id }) => [
      editAll(
        trpc.me.listTokens.queryKey(),
        mapRows<Token>((rows) => rows.filter((row) => row.id !== id)),
      ),
    ],
    refresh: () => [trpc.me.listTokens.pathFilter()],
  })
  const [first] = tokens
  const title =
    tokens.length === 1 && first
      ? `Revoke ${tokenName(first)}?`
      : `Revoke ${count(tokens.length, ['token', 'tokens'])}?`
  const lastUse = tokens
    .flatMap(({ lastUsedAt }) => lastUsedAt ?? [])
    .toSorted()
    .at(-1)
  const confirm = async (): Promise<void> => {
    for (const { id } of tokens) await revoke.mutateAsync({ id })
    toast({ title: tokens.length === 1 ? 'Token revoked' : `${count(tokens.length, ['token', 'tokens'])} revoked` })
    asked?.done()
  }
  return (
    <Confirm
      open={asked !== null}
      onOpenChange={(open) => open || onClose()}
      title={title}
      action={tokens.length === 1 ? 'Revoke token' : 'Revoke tokens'}
      danger
      onConfirm={confirm}
    >
      <p>Programs that use {tokens.length === 1 ? 'it' : 'them'} lose access immediately. This cannot be undone.</p>
      {lastUse ? (
        <p>
          Last used <Time at={lastUse} className="font-medium text-n12" />.
        </p>
      ) : (
        <p>Never used.</p>
      )}
    </Confirm>
  )
}
