import type { ReactNode } from 'react'
import { connection } from '../../session/connection.ts'
import { useTitle } from '../../ui/page.tsx'

interface Props {
  title: string
  about?: ReactNode
  children: ReactNode
  /** Under the box. */
  foot?: ReactNode
}

/** The frame of the pages before the shell: set-up, sign-in, invitation. */
export function Entrance({ title, about, children, foot }: Props) {
  useTitle(title)
  return (
    <div className="pane flex h-full flex-col items-center bg-n2 px-4 py-[12vh]">
      <main className="w-full max-w-sm">
        <p className="mb-6 flex items-center justify-center gap-2.5">
          <img src="/steward.svg" alt="" className="size-7" />
          <span className="text-lg font-semibold">Steward</span>
          <span className="min-w-0 truncate text-n10">{connection.name}</span>
        </p>
        <div className="rounded-lg border border-n6 bg-raised p-6">
          <h1 className="text-xl font-semibold">{title}</h1>
          {about && <p className="mt-1 break-words text-n11">{about}</p>}
          <div className="mt-5 [&_button[type=submit]:only-child]:w-full">{children}</div>
        </div>
        {foot && <p className="mt-4 text-center text-balance text-n11">{foot}</p>}
      </main>
    </div>
  )
}
