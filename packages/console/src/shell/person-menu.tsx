import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate, useRouter } from '@tanstack/react-router'
import { KeyRound, Keyboard, LogOut, MonitorSmartphone, ShieldCheck, UserRound } from 'lucide-react'
import { useCommands, useRunCommand } from '../commands/command-center.tsx'
import { connection } from '../session/connection.ts'
import { meOptions } from '../session/me.ts'
import { signOut } from '../people/sign-in/auth.ts'
import { forgetPerson } from '../session/forget.ts'
import { type Density, type Theme, setDensity, setTheme } from '../ui/theme.ts'
import { useDensity, useTheme } from '../ui/use-theme.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx'
import { toast } from '../ui/toast.ts'

/** Person, looks and the way out. On the desktop's own data there is nobody to sign out. */
export function PersonMenu() {
  const { data } = useSuspenseQuery(meOptions())
  const { email, displayName } = data.account
  const navigate = useNavigate()
  const router = useRouter()
  const run = useRunCommand()
  const leave = async (): Promise<void> => {
    const failure = await signOut()
    // The session goes on where Steward cannot be told; what stands here goes all the same.
    forgetPerson()
    if (failure) toast({ title: `Sign-out failed. ${failure.message}`, tone: 'bad' })
    await router.invalidate()
    if (failure) return
    await navigate({ to: '/sign-in', ignoreBlocker: true })
  }
  const canLeave = connection.kind !== 'local'
  useCommands(canLeave ? { 'me.signOut': () => void leave() } : {})
  return (
    <Menu
      className="w-60"
      trigger={
        <button type="button" aria-label={`You: ${email}`} className="rounded-full">
          <Avatar name={displayName ?? email} className="size-8 text-xs" />
        </button>
      }
    >
      <div className="px-2 py-1.5">
        <p className="truncate font-medium">{displayName ?? email}</p>
        {displayName && <p className="truncate text-sm text-n10">{email}</p>}
      </div>
      <MenuSeparator />
      <MenuItem asChild>
        <Link to="/me/profile">
          <UserRound aria-hidden />
          Profile
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link to="/me/tokens">
          <KeyRound aria-hidden />
          Personal access tokens
        </Link>
      </MenuItem>
      {canLeave && (
        <>
          <MenuItem asChild>
            <Link to="/me/sessions">
              <MonitorSmartphone aria-hidden />
              Sessions
            </Link>
          </MenuItem>
          <MenuItem asChild>
            <Link to="/me/security">
              <ShieldCheck aria-hidden />
              Password and second factor
            </Link>
          </MenuItem>
        </>
      )}
      <MenuSeparator />
      <ThemeItems />
      <MenuSeparator />
      <MenuItem onSelect={() => run('help.keys')} keys="?">
        <Keyboard aria-hidden />
        Keyboard shortcuts
      </MenuItem>
      {canLeave && (
        <MenuItem onSelect={() => void leave()}>
          <LogOut aria-hidden />
          Sign out
        </MenuItem>
      )}
    </Menu>
  )
}

function ThemeItems() {
  const theme = useTheme()
  const density = useDensity()
  return (
    <>
      <MenuLabel>Theme</MenuLabel>
      <MenuChoices value={theme} onValueChange={(value) => setTheme(value as Theme)}>
        <MenuChoice value="light">Light</MenuChoice>
        <MenuChoice value="dark">Dark</MenuChoice>
        <MenuChoice value="system">System</MenuChoice>
      </MenuChoices>
      <MenuLabel>Density</MenuLabel>
      <MenuChoices value={density} onValueChange={(value) => setDensity(value as Density)}>
        <MenuChoice value="compact">Compact</MenuChoice>
        <MenuChoice value="comfortable">Comfortable</MenuChoice>
      </MenuChoices>
    </>
  )
}
