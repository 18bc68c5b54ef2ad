import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { connection } from '../../session/connection.ts'
import { meOptions } from '../../session/me.ts'
import { CodeBlock } from '../../ui/copy.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { printCli, printClient, printCurl } from './print.ts'
import type { ApiRequest } from './request.ts'

type Way = 'curl' | 'client' | 'cli'

/** One request as cURL, client and command line, ready to be copied. */
export default function RequestCode({ request }: { request: ApiRequest }) {
  const email = useQueryClient().getQueryData(meOptions().queryKey)?.account.email ?? null
  const { url } = connection
  const [way, setWay] = useState<Way>(url ? 'curl' : 'cli')
  // Without an address only the command line reaches the data.
  const options = [
    ...(url
      ? [
          { value: 'curl' as const, label: 'cURL' },
          { value: 'client' as const, label: 'Client' },
        ]
      : []),
    { value: 'cli' as const, label: 'CLI' },
  ]
  const code =
    way === 'cli' || !url
      ? printCli(request, email)
      : way === 'curl'
        ? printCurl(request, url)
        : printClient(request, url)
  return (
    <div>
      <div className="mb-2 flex items-center justify-between gap-2">
        <span className="font-mono text-xs text-n10">{request.path}</span>
        <Segmented label="Copy as" value={way} onChange={setWay} options={options} />
      </div>
      <CodeBlock code={code} label={`${request.path} as ${way}`} />
    </div>
  )
}
