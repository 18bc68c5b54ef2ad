import { TriangleAlert } from 'lucide-react'
import { CopyButton } from '../ui/copy.tsx'
import { Input } from '../ui/input.tsx'
import { Time } from '../ui/time.tsx'

/** An invitation's link, the only time that it can be seen. */
export function LinkOnce({ link, expiresAt }: { link: string; expiresAt: string }) {
  return (
    <div>
      <div className="flex gap-2">
        <Input
          readOnly
          autoFocus
          value={link}
          aria-label="Invitation link"
          className="font-mono text-xs"
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={link} className="h-control">
          Copy link
        </CopyButton>
      </div>
      <p className="mt-3 flex gap-2 text-sm text-n11">
        <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
        <span>
          Shown this once: only its hash is kept. It works for one person with this address and ends{' '}
          <Time at={expiresAt} className="font-medium text-n12" />. A new link can be made at any time and ends this
          one.
        </span>
      </p>
    </div>
  )
}
