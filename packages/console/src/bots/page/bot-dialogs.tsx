import { lazy } from 'react'
import { Late } from '../../ui/late.tsx'
import { useBot } from '../bot/bot.ts'
import { useBotRights } from '../bot/bot-rights.ts'
import { useBotDialog } from '../bot/bot-dialog.ts'
import { DeleteBot } from '../bot/delete-bot.tsx'

const DeployDialog = lazy(async () => ({ default: (await import('../version/deploy-dialog.tsx')).DeployDialog }))
const RollbackDialog = lazy(async () => ({ default: (await import('../version/deploy-dialog.tsx')).RollbackDialog }))
const SaveVersion = lazy(async () => ({ default: (await import('../version/save-version.tsx')).SaveVersion }))
const RenameBot = lazy(async () => ({ default: (await import('../bot/rename-bot.tsx')).RenameBot }))
const TransferBot = lazy(async () => ({ default: (await import('../bot/transfer-bot.tsx')).TransferBot }))
const RotateSecret = lazy(async () => ({ default: (await import('../access/rotate-secret.tsx')).RotateSecret }))

/** The dialogs that every tab of a bot can open, as the address says. */
export function BotDialogs() {
  const { bot } = useBot()
  const rights = useBotRights()
  const { open, close, about } = useBotDialog()
  return (
    <Late>
      {open === 'deploy' && rights.deploy && <DeployDialog key={about} versionId={about} onClose={close} />}
      {open === 'rollback' && rights.deploy && <RollbackDialog onClose={close} />}
      {open === 'save-version' && rights.change && <SaveVersion onClose={close} />}
      {open === 'rename' && rights.change && <RenameBot bot={bot} onClose={close} />}
      {open === 'transfer' && rights.transfer && <TransferBot onClose={close} />}
      {open === 'rotate' && rights.rotate && <RotateSecret onClose={close} />}
      {open === 'delete' && rights.remove && <DeleteBot bot={bot} onClose={close} />}
    </Late>
  )
}
