import { TriangleAlert } from 'lucide-react'
import { CopyButton } from '../../ui/copy.tsx'
import { Input } from '../../ui/input.tsx'
import { Time } from '../../ui/time.tsx'

interface Props {
  link: string
  expiresAt: string
  /** What it is: an invitation's by default. */
  label?: string
}

/** A link, the only time that it can be seen. */
export function LinkOnce({ link, expiresAt, label = 'Invitation link' }: Props) {
  return (
    <div>
      <div className="flex gap-2">
        <Input
          readOnly
          autoFocus
          value={link}
          aria-label={label}
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
          Shown only once. It works once, for this person, and expires{' '}
          <Time at={expiresAt} className="font-medium text-n12" />. You can create a new link at any time; this one then
          stops working.
        </span>
      </p>
    </div>
  )
}
