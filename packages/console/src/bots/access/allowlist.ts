import type { RouterInputs, RouterOutputs } from '@steward/api'

type Allowlist = RouterOutputs['bot']['getAllowlist']
type Update = RouterInputs['bot']['updateAllowlist']

/** The list as it will be. */
export function patchedAllowlist(
  list: Allowlist,
  { setting, users = {} }: Pick<Update, 'setting' | 'users'>,
): Allowlist {
  const kept = list.users.filter(({ id }) => users[id] !== false)
  const added = Object.keys(users).filter((id) => users[id] && !kept.some((user) => user.id === id))
  return { setting: setting ?? list.setting, users: [...kept, ...added.map((id) => ({ id }))] }
}
