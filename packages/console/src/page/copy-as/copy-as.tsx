import { SquareTerminal } from 'lucide-react'
import { lazy, useState } from 'react'
import { Late } from '../../ui/late.tsx'
import { useCommands } from '../../commands/command-center.tsx'
import { Button } from '../../ui/button.tsx'
import { Popover } from '../../ui/popover.tsx'
import type { ApiRequest } from './request.ts'

const RequestCode = lazy(() => import('./request-code.tsx'))

/** The button of a page's header that gives the page's own request for repeating elsewhere. */
export function CopyAs({ request }: { request: ApiRequest }) {
  const [open, setOpen] = useState(false)
  useCommands({ 'request.copy': () => setOpen(true) })
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      label="Copy this page’s request"
      className="w-[34rem] max-w-[calc(100vw-2rem)] p-3"
      trigger={
        <Button look="ghost" size="icon" aria-label="Copy this page’s request" title="Copy as cURL, client or CLI">
          <SquareTerminal aria-hidden />
        </Button>
      }
    >
      <Late>
        <RequestCode request={request} />
      </Late>
    </Popover>
  )
}
