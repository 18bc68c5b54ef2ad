import { RotateCw } from 'lucide-react'
import { Component, type ReactNode, Suspense } from 'react'
import { isMissingPart, reloadPage } from '../base/reload.ts'
import { Button } from './button.tsx'

/**
 * Around parts that are loaded when they are needed. Where one is missing the page stays as it is and says so, so that
 * what is typed in it can still be saved.
 */
export function Late({ children }: { children: ReactNode }) {
  return (
    <Boundary>
      <Suspense>{children}</Suspense>
    </Boundary>
  )
}

class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    if (!isMissingPart(error)) throw error
    return (
      <div
        role="alert"
        className="fixed inset-x-4 bottom-4 z-50 mx-auto flex max-w-xl animate-appear flex-wrap items-center gap-3 rounded-lg border border-warn-border bg-raised px-4 py-3 shadow-float"
      >
        <p className="min-w-60 flex-1">{missingWords}</p>
        <ReloadButton />
      </div>
    )
  }
}

/** Why a part is missing, and what becomes of what was typed. */
export const missingWords =
  'A part of this page could not be loaded. Steward was probably upgraded since you opened it. What you have typed on this page is kept.'

export function ReloadButton() {
  return (
    <Button look="primary" onClick={reloadPage}>
      <RotateCw aria-hidden />
      Reload page
    </Button>
  )
}
