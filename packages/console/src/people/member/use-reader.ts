import { useWorkspace } from '../../session/use-workspace.ts'

/** The signed-in person, as the rules about members ask for them. */
export function useReader() {
  const { role, me, may } = useWorkspace()
  return { role, userId: me.id, mayChange: may('member.update'), mayRemove: may('member.delete#others') }
}
