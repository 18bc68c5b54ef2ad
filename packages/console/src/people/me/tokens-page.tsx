import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { KeyRound, RefreshCw, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useCommands } from '../../commands/command-center.tsx'
import { Button } from '../../ui/button.tsx'
import { requestOf } from '../../page/copy-as/request.ts'
import { EmptyState } from '../../page/empty-state.tsx'
import { conditionsOf, defineFilters } from '../../page/list/conditions.ts'
import { ListPage } from '../../page/list/list-page.tsx'
import type { Column, RowAction } from '../../page/list/list.types.ts'
import { Time, useNow } from '../../ui/time.tsx'
import { useOpenDialog } from '../../page/open-dialog.ts'
import { tokenDialogs } from './me.search.ts'
import { trpc } from '../../session/trpc.ts'
import { allWorkspacesOptions } from '../../session/workspaces.ts'
import { CreateTokenDialog } from './create-token-dialog.tsx'
import { MeTabs } from './me-tabs.tsx'
import { RevokeTokens } from './revoke-tokens.tsx'
import { RotateTokenDialog } from './rotate-token-dialog.tsx'
import { ShownOnce } from './shown-once.tsx'
import { lifeOf } from './token-life.ts'
import { TokenInspector } from './token-inspector.tsx'
import { TokenReach, TokenState } from './token-parts.tsx'
import { type Token, tokenName, tokenPages } from './tokens.ts'

const filters = defineFilters({
  q: { kind: 'text', label: 'Note' },
  state: {
    kind: 'choice',
    label: 'State',
    options: [
      { value: 'active', label: 'Active' },
      { value: 'ending', label: 'Expires within a week' },
      { value: 'expired', label: 'Expired' },
    ],
  },
  use: {
    kind: 'choice',
    label: 'Use',
    options: [
      { value: 'used', label: 'Used before' },
      { value: 'unused', label: 'Never used' },
    ],
  },
})

const columns: Column<Token>[] = [
  {
    id: 'note',
    header: 'Note',
    width: 'minmax(10rem,1.6fr)',
    cell: (token) => <span className="font-medium">{tokenName(token)}</span>,
  },
  { id: 'state', header: 'State', width: '7rem', cell: (token) => <TokenState token={token} /> },
  {
    id: 'reach',
    wide: true,
    header: 'Permissions',
    width: 'minmax(10rem,1.4fr)',
    cell: (token) => <TokenReach token={token} />,
  },
  {
    id: 'where',
    wide: true,
    header: 'Workspaces',
    width: 'minmax(8rem,1fr)',
    cell: (token) => <Where id={token.boundWorkspaceId} />,
  },
  {
    id: 'ends',
    header: 'Expires',
    width: '7rem',
    cell: (token) => <span className="text-n11">{token.expiresAt ? <Time at={token.expiresAt} /> : 'Never'}</span>,
  },
  {
    id: 'used',
    header: 'Last used',
    width: '7rem',
    cell: (token) => <span className="text-n11">{token.lastUsedAt ? <Time at={token.lastUsedAt} /> : 'Never'}</span>,
  },
]

function Where({ id }: { id: string | undefined }) {
  const { data = [] } = useQuery(allWorkspacesOptions())
  if (id === undefined) return <span className="text-n11">All workspaces</span>
  return <>{data.find((workspace) => workspace.id === id)?.name ?? id}</>
}

const route = getRouteApi('/_app/me/tokens')

const idOf = (token: Token): string => token.id

/** The person's tokens for programs. */
export function TokensPage() {
  const now = useNow()
  const [made, setMade] = useState<{ value: string; note: string; grace?: string } | null>(null)
  const [rotated, setRotated] = useState<Token | null>(null)
  const [revoked, setRevoked] = useState<{ tokens: Token[]; done: () => void } | null>(null)
  const dialog = useOpenDialog(tokenDialogs)
  const create = (): void => dialog.show('create')
  useCommands({ 'me.createToken': create })
  const { q, state, use } = conditionsOf(filters, route.useSearch())
  const keep = useMemo(() => {
    const wanted = q?.toLowerCase()
    return (token: Token): boolean => {
      const life = lifeOf(token, now)
      return (
        (wanted === undefined || tokenName(token).toLowerCase().includes(wanted)) &&
        (state === undefined || life.state === state) &&
        (use === undefined || life.unused === (use === 'unused'))
      )
    }
  }, [q, state, use, now])
  const actions = (token: Token): RowAction[] => [
    {
      label: 'Rotate…',
      icon: RefreshCw,
      run: () => setRotated(token),
      ...(lifeOf(token, now).state === 'expired' && { reason: 'It has expired. Create a new one.' }),
    },
    { label: 'Revoke…', icon: Trash2, danger: true, run: () => setRevoked({ tokens: [token], done: () => {} }) },
  ]
  return (
    <>
      <ListPage
        id="tokens"
        title="Personal access tokens"
        noun={['token', 'tokens']}
        about="Programs use them to act as you. They can never do more than you can."
        tabs={<MeTabs />}
        pages={tokenPages}
        columns={columns}
        filters={filters}
        keep={keep}
        rowId={idOf}
        rowName={tokenName}
        request={requestOf(trpc.me.listTokens.queryKey({}))}
        create={create}
        primary={
          <Button look="primary" onClick={create}>
            New token
          </Button>
        }
        inspector={(_id, token) => token && <TokenInspector token={token} actions={actions(token)} />}
        actions={actions}
        bulk={(tokens, done) => [
          { label: 'Revoke…', icon: Trash2, danger: true, run: () => setRevoked({ tokens, done }) },
        ]}
        empty={
          <EmptyState
            icon={KeyRound}
            title="No tokens yet"
            request={{ path: 'me.createToken', input: { note: 'Continuous integration', scopes: ['bot:write'] } }}
            action={
              <Button look="primary" onClick={create}>
                New token
              </Button>
            }
          >
            A token lets a script or a build act as you. You can limit it to scopes, to one workspace and to a period of
            time.
          </EmptyState>
        }
      />
      <CreateTokenDialog
        open={dialog.open === 'create'}
        onOpenChange={(open) => open || dialog.close()}
        onMade={(token) => {
          dialog.close()
          setMade(token)
        }}
      />
      <RotateTokenDialog token={rotated} onClose={() => setRotated(null)} onMade={setMade} />
      <RevokeTokens asked={revoked} onClose={() => setRevoked(null)} />
      <ShownOnce
        text={made?.value ?? null}
        title={made?.grace ? 'The new value' : 'Token created'}
        description={`${made?.note || 'Token'}: copy it now. It is shown only once.${made?.grace ? ` ${made.grace}` : ''}`}
        label="Token value"
        onClose={() => setMade(null)}
      />
    </>
  )
}
