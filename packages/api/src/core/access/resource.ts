import type { Expression } from '@steward/db'
import type { AuthorizedContext, Context, Db } from '../context.ts'
import type { Permission, Rule, Scope, Scopes } from './rule.ts'

/**
 * What a permission is asked about: ids as they stand in the procedure's input. An area adds the ids of its own kinds
 * by `declare module`.
 */
export interface Target {
  accountId?: string | undefined
  workspaceId?: string | undefined
}

/** The fields of an input, whatever is in them. */
export type Fields = Readonly<Record<string, unknown>>

/** A field of an input if it holds a text: ids are looked for before the input is parsed, too. */
export function textOf(input: Fields, name: string): string | undefined {
  const value = input[name]
  return typeof value === 'string' ? value : undefined
}

export interface Question {
  permission: Permission
  rule: Rule
  target: Target
}

/** One kind of things that permissions are asked about, as the area that owns it tells of it. */
export interface Resource<C extends AuthorizedContext = AuthorizedContext> {
  /** The ids in an input; `at` names the field that holds the resource's own, where that is not the usual one. */
  targetOf(input: Fields, at: string | undefined): Target
  /** Whether the target says which one it is about. */
  isNamed(target: Target): boolean
  /**
   * Asks whether the actor sees it and their role may.
   * @returns the context that services demand.
   * @throws ResourceNotFound for what does not exist or is not visible to the actor; Forbidden for a role that is not
   *   enough; InvalidPayload when it was not named.
   */
  mint(ctx: Context, db: Db, question: Question): Promise<C>
  /** Whether it exists at all, visible to anybody or not. */
  exists(db: Db, target: Target): Promise<boolean>
  /**
   * For things that have a lane: what a person is there, such as their role; null for nobody in particular, `gone` where
   * there is nothing any more to be a part of.
   */
  standingOf?(db: Db, of: { id: string; userId: string }): Promise<string | null>
  /** For things within a workspace: the one that one of them is in. */
  workspaceOf?(db: Db, id: string): Promise<string | undefined>
  /** For things within a workspace that not every member sees. */
  visibility?: Visibility
}

/** Which things of a kind are there, and who sees those that are open to selected people only. */
export interface Visibility {
  find(
    db: Db,
    of: { workspaceId: string; id: string },
  ): Promise<{ id: string; createdBy: string | null; isRestricted: boolean } | undefined>
  isListed(db: Db, of: { id: string; userId: string }): Promise<boolean>
  /** The ids of those people, as a subquery. */
  listed(db: Db, id: string): Expression<string>
}

/** The resource of every scope that is about something. */
export type Resources = { readonly [S in Exclude<Scope, 'anyone' | 'any'>]: Resource<Scopes[S]> }
