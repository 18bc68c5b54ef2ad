import { useQueryClient } from '@tanstack/react-query'
import type { NavigateOptions } from '@tanstack/react-router'
import { meOptions } from '../session/me.ts'
import { useMayHere } from '../session/use-workspace.ts'
import type { Named, SearchSource } from './feature.ts'
import type { Entry } from './palette-groups.ts'
import type { Recent } from './recent.ts'

/** Something with a name that the palette leads to. */
export interface SearchResult extends Entry {
  source: SearchSource
  name: string
  about?: string
  to: NavigateOptions
  recent: Recent
}

/** What the sources find by name: each looks for its own kind. */
export function useSearchResults(
  sources: readonly SearchSource[],
  text: string,
  recent: readonly Recent[],
): { results: SearchResult[]; searching: boolean } {
  const { workspaceId, may } = useMayHere()
  // On the pages before the shell nobody is asked.
  const signedIn = useQueryClient().getQueryData(meOptions().queryKey) !== undefined
  // The sources are the same for as long as the page lives.
  const answers = sources.map((source) => ({ source, ...source.useNamed(text.trim(), { workspaceId, may, signedIn }) }))
  const resultOf = (source: SearchSource, one: Named): SearchResult => searchResultOf(source, one, workspaceId)
  const loaded = answers.flatMap(({ source, found }) => found.map((one) => resultOf(source, one)))
  // Those chosen lately need not be among the ones that were loaded.
  const remembered = recent.flatMap((one) => {
    const source = sources.find(({ kind }) => kind === one.kind)
    return source && (one.workspaceId === null || one.workspaceId === workspaceId) ? [resultOf(source, one)] : []
  })
  const results = new Map([...remembered, ...loaded].map((result) => [`${result.kind} ${result.id}`, result]))
  return { results: [...results.values()], searching: answers.some(({ searching }) => searching) }
}

function searchResultOf(source: SearchSource, { id, name, about }: Named, workspaceId: string | null): SearchResult {
  const { kind, noun, to, everywhere } = source
  return {
    source,
    kind,
    id,
    name,
    ...(about !== undefined && { about }),
    heading: noun[1],
    names: [name, about ?? '', id],
    to: to(id, workspaceId ?? ''),
    recent: { kind, id, name, workspaceId: everywhere ? null : workspaceId },
  }
}
