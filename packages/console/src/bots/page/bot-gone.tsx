import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { AuditRecord } from '../../audit/audit.ts'
import { useActor } from '../../audit/use-actor.ts'
import { readDraft, writeDraft } from '../../base/drafts.ts'
import { trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/copy.tsx'
import { Centered } from '../../ui/error-state.tsx'
import { useTitle } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'
import { useBot } from '../bot/bot.ts'
import { botDraft, configurationDraft } from '../bot/bot-drafts.ts'

/** Stands in the place of a bot that somebody else deleted while it was open: who did, and what was not saved yet. */
export function BotGone() {
  const { bot, at, may } = useBot()
  const { data } = useQuery({
    ...trpc.audit.list.queryOptions({ id: at.workspaceId, action: 'DELETE_BOT', pageSize: 50 }),
    enabled: may('audit.list'),
  })
  const record = data?.records.find(({ resourceId }) => resourceId === at.id)
  useTitle(bot.name)
  return (
    <Centered
      page
      icon={<Trash2 className="text-n10" aria-hidden />}
      title={record ? `${bot.name} was deleted` : `${bot.name} is not available`}
    >
      <p role="alert">
        {record ? <Deleted record={record} /> : 'It was deleted or moved, or you no longer have access to it.'}
      </p>
      <Unsaved />
      <Button asChild look="primary" className="mt-3">
        <Link to="/w/$workspaceId/bots" params={{ workspaceId: at.workspaceId }} replace>
          Go to bots
        </Link>
      </Button>
    </Centered>
  )
}

function Deleted({ record }: { record: AuditRecord }) {
  const { name, you } = useActor(record)
  return (
    <>
      {you ? 'You' : name} deleted it <Time at={record.recordedAt} />.
    </>
  )
}

/** What was typed and is of use nowhere else: it can be copied, and is forgotten with the page. */
function Unsaved() {
  const { at } = useBot()
  const [texts] = useState(() => {
    const names = [botDraft(at.id), configurationDraft(at.id)]
    const found = names.flatMap((name) => Object.entries(readDraft(name)?.fields ?? {}))
    for (const name of names) writeDraft(name, null)
    return found.map(([path, { mine }]) => `${path}: ${typeof mine === 'string' ? mine : JSON.stringify(mine)}`)
  })
  if (texts.length === 0) return null
  return (
    <div className="mt-3 w-full text-left">
      <p className="mb-1 text-sm text-n11">Your unsaved changes:</p>
      <CodeBlock label="Your unsaved changes" code={texts.join('\n')} />
    </div>
  )
}
