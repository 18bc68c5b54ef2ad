import type { RouterOutputs } from '@steward/api'
import { client, trpc } from '../../session/trpc.ts'
import { paged } from '../../session/paged.ts'

export type Account = RouterOutputs['account']['get']
export type Administrator = RouterOutputs['account']['listAdministrators']['administrators'][number]
export type Transfer = RouterOutputs['account']['listTransfers']['transfers'][number]

/** The accounts the person administers. */
export const accountPages = paged({
  key: trpc.account.list.queryKey({}),
  load: (page, signal) => client.account.list.query(page, { signal }),
  rows: (answer) => answer.accounts,
})

export function workspacePages(accountId: string) {
  return paged({
    key: trpc.account.listWorkspaces.queryKey({ accountId }),
    load: (page, signal) => client.account.listWorkspaces.query({ accountId, ...page }, { signal }),
    rows: (answer) => answer.workspaces,
    pageSize: 25,
  })
}

export function administratorPages(accountId: string) {
  return paged({
    key: trpc.account.listAdministrators.queryKey({ accountId }),
    load: (page, signal) => client.account.listAdministrators.query({ accountId, ...page }, { signal }),
    rows: (answer) => answer.administrators,
    pageSize: 25,
  })
}

export function transferPages(accountId: string) {
  return paged({
    key: trpc.account.listTransfers.queryKey({ accountId }),
    load: (page, signal) => client.account.listTransfers.query({ accountId, ...page }, { signal }),
    rows: (answer) => answer.transfers,
    pageSize: 25,
  })
}
