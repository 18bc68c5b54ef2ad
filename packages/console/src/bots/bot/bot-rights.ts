import { useBot } from './bot.ts'

/** What the person's role may do with the open bot. */
export function useBotRights() {
  const { may, bot, me } = useBot()
  return {
    change: may('bot.update'),
    deploy: may('version.deploy'),
    rotate: may('bot.rotateSigningSecret'),
    transfer: may('bot.transfer'),
    remove: may('bot.delete', { own: bot.createdBy === me.id }),
    keys: may('bot.createKey'),
  }
}
