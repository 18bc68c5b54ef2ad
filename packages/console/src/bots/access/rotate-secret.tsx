import { useRef, useState } from 'react'
import { trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useBot } from '../bot/bot.ts'
import { ShownOnce } from '../bot/shown-once.tsx'

export function RotateSecret({ onClose }: { onClose: () => void }) {
  const { bot, at } = useBot()
  const [value, setValue] = useState<string | null>(null)
  // The confirmation closes itself once the new secret is there; that is shown instead.
  const rotated = useRef(false)
  const rotate = useChange(trpc.bot.rotateSigningSecret.mutationOptions(), {
    refresh: () => [trpc.bot.get.pathFilter()],
    quiet: true,
  })
  if (value !== null)
    return (
      <ShownOnce
        title="New signing secret"
        about={`Pass it to the code of ${bot.name} within 24 hours. Until then, both the new and the old secret are valid.`}
        noun="signing secret"
        value={value}
        onClose={onClose}
      />
    )
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && !rotated.current && onClose()}
      title="Rotate the signing secret"
      action="Rotate secret"
      onConfirm={async () => {
        const { newSigningSecret } = await rotate.mutateAsync(at)
        rotated.current = true
        setValue(newSigningSecret)
      }}
    >
      <p>
        Requests to {bot.name} are signed with the new secret from now on. Its old secrets stay valid for 24 hours, so
        that you can update its code.
      </p>
    </Confirm>
  )
}
