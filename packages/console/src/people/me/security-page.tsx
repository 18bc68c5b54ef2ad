import { useQuery } from '@tanstack/react-query'
import { ErrorState } from '../../ui/error-state.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Surface } from '../../ui/surface.tsx'
import { MeTabs } from './me-tabs.tsx'
import { ProviderLinks } from './provider-links.tsx'
import { PasswordForm } from './password-form.tsx'
import { SecondFactor } from './second-factor.tsx'
import { signInStateOptions } from './sign-in-state.ts'

/** What the person proves who they are with. */
export function SecurityPage() {
  const { data, error, refetch } = useQuery(signInStateOptions())
  return (
    <Page title="Password and second factor" tabs={<MeTabs />} width="narrow">
      {error && !data ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Surface>
          <SkeletonLines lines={6} />
        </Surface>
      ) : (
        <div className="flex flex-col gap-4">
          <SecondFactor enabled={data.secondFactor} hasPassword={data.hasPassword} />
          <Surface title="Password" about={data.hasPassword ? 'Changing it signs out every other browser.' : undefined}>
            {data.hasPassword ? (
              <PasswordForm />
            ) : (
              <p className="text-n11">
                You sign in with an identity provider and have no password here. Change it there.
              </p>
            )}
          </Surface>
          <ProviderLinks methods={data.methods} />
        </div>
      )}
    </Page>
  )
}
