import { writeSetting } from '../base/setting.ts'
import { queryClient } from './trpc.ts'

/** Clears what this page and this browser still hold of who was here; settings of the device stay. */
export function forgetPerson(): void {
  queryClient.clear()
  writeSetting('recent', null)
}
