import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Centered } from '../ui/error-state.tsx'
import { useTitle } from '../ui/page.tsx'

export function NotFound() {
  useTitle('Not found')
  return (
    <Centered page icon={<Compass aria-hidden />} title="Page not found" className="min-h-[60vh] justify-center">
      <p>It may have been moved or deleted, or the URL is not complete.</p>
      <Button asChild className="mt-3">
        <Link to="/">Go to home</Link>
      </Button>
    </Centered>
  )
}
