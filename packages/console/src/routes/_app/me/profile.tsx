import { createFileRoute } from '@tanstack/react-router'
import { ProfilePage } from '../../../me/profile-page.tsx'

export const Route = createFileRoute('/_app/me/profile')({ component: ProfilePage })
