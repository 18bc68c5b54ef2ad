import { forgetDrafts, setDraftOwner } from '../base/drafts.ts'
import { writeSetting } from '../base/setting.ts'
import { abandonSession } from './session-end.ts'
import { queryClient } from './trpc.ts'

/** Clears what this page and this browser still hold of who was here; settings of the device stay. */
export function forgetPerson(): void {
  abandonSession()
  queryClient.clear()
  setDraftOwner(null)
  forgetDrafts()
  writeSetting('recent', null)
}
