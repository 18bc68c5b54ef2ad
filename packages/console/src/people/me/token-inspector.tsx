import { useQuery } from '@tanstack/react-query'
import { Button } from '../../ui/button.tsx'
import { CopyId } from '../../ui/copy.tsx'
import type { RowAction } from '../../page/list/list.types.ts'
import { Fact, Facts } from '../../ui/surface.tsx'
import { Time } from '../../ui/time.tsx'
import { allWorkspacesOptions } from '../../session/workspaces.ts'
import { TokenState } from './token-parts.tsx'
import { scopeLabels } from './token-scopes.ts'
import type { Token } from './tokens.ts'

export function TokenInspector({ token, actions }: { token: Token; actions: RowAction[] }) {
  const { data: workspaces = [] } = useQuery(allWorkspacesOptions())
  const bound = workspaces.find(({ id }) => id === token.boundWorkspaceId)?.name ?? token.boundWorkspaceId
  return (
    <div className="flex flex-col gap-5">
      <Facts>
        <Fact name="State">
          <TokenState token={token} />
        </Fact>
        <Fact name="Permissions">
          {token.scopes ? (
            <ul>
              {scopeLabels(token.scopes).map((word) => (
                <li key={word}>{word}</li>
              ))}
            </ul>
          ) : (
            'Everything you can do'
          )}
        </Fact>
        <Fact name="Workspaces">{bound ?? 'In all your workspaces'}</Fact>
        <Fact name="Created">
          <Time at={token.createdAt} />
        </Fact>
        <Fact name="Expires">{token.expiresAt ? <Time at={token.expiresAt} /> : 'Never'}</Fact>
        <Fact name="Last used">{token.lastUsedAt ? <Time at={token.lastUsedAt} /> : 'Never'}</Fact>
        <Fact name="Id">
          <CopyId id={token.id} />
        </Fact>
      </Facts>
      <div className="flex gap-2">
        {actions.map(({ label, icon: Icon, run, danger, reason }) => (
          <Button
            key={label}
            look={danger ? 'dangerQuiet' : 'plain'}
            onClick={run}
            disabled={reason !== undefined}
            title={reason}
          >
            {Icon && <Icon aria-hidden />}
            {label}
          </Button>
        ))}
      </div>
    </div>
  )
}
