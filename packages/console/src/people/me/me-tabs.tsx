import { connection } from '../../session/connection.ts'
import { LinkTab, LinkTabs } from '../../ui/tabs.tsx'

/** The pages about the signed-in person. On this computer's own data nobody signs in, so there is nothing to end. */
export function MeTabs() {
  return (
    <LinkTabs label="You">
      <LinkTab to="/me/profile">Profile</LinkTab>
      <LinkTab to="/me/tokens">Personal access tokens</LinkTab>
      {connection.kind !== 'local' && (
        <>
          <LinkTab to="/me/sessions">Sessions</LinkTab>
          <LinkTab to="/me/security">Password and second factor</LinkTab>
        </>
      )}
    </LinkTabs>
  )
}
