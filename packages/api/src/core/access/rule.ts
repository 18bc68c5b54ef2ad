import type { AccountContext, AnyContext, AnyoneContext, SelfContext, WorkspaceContext } from '../context.ts'
import type { Role } from './roles.schema.ts'
import { roles } from './roles.schema.ts'

export { roles, type Role } from './roles.schema.ts'

/** What a scoped key must carry: `bot:read` opens every reading procedure of `bot`, `bot:write` all of them. */
export type KeyScope = `${string}:${'read' | 'write'}`

/** What the context of each scope is; an area adds the kinds of its own by `declare module`. */
export interface Scopes {
  anyone: AnyoneContext
  any: AnyContext
  self: SelfContext
  account: AccountContext
  workspace: WorkspaceContext
}

/** What a rule is about, and so which context it mints. */
export type Scope = keyof Scopes

/** Who may do one thing. */
export interface Rule<S extends Scope = Scope> {
  scope: S
  /** Who may, among the members of the workspace; empty for scopes without roles. */
  roles: readonly Role[]
  /** Who may only for what they created. */
  ownRoles?: readonly Role[]
  /** Null where no key scope applies. */
  key: KeyScope | null
  /** Keys of bots may call it too. */
  botKeys?: true
  /** Changes a person, and yet is open to their token that is bound to one workspace: what it makes is bound as well. */
  boundTokens?: true
  /** Open to who has to set up a second factor first: seeing who one is, and the way there. */
  beforeSecondFactor?: true
}

/**
 * The rule of every permission, by its name. Each area adds its own by `declare module`, from the table that it
 * contributes; what is in no table is denied.
 */
// eslint-disable-next-line typescript/no-empty-object-type -- filled by the areas
export interface Permissions {}

/** The path of a procedure; `procedure#part` is a stricter rule for part of one, asked for by `requirePermission`. */
export type Permission = keyof Permissions
export type RuleOf<P extends Permission> = Permissions[P]

/** What an area's table of permissions is made of: one line each. */
export const viewer = roles
export const developer = ['developer', 'manager', 'administrator', 'owner'] as const
export const manager = ['manager', 'administrator', 'owner'] as const
export const administrator = ['administrator', 'owner'] as const
export const owner = ['owner'] as const
export const billing = ['billing', 'administrator', 'owner'] as const

export const anyone: Rule<'anyone'> = { scope: 'anyone', roles: [], key: null }
export const any = (key: KeyScope): Rule<'any'> => ({ scope: 'any', roles: [], key })
export const self = (key: KeyScope): Rule<'self'> => ({ scope: 'self', roles: [], key })
export const account = (key: KeyScope): Rule<'account'> => ({ scope: 'account', roles: [], key })
export const workspace = (who: readonly Role[], key: KeyScope): Rule<'workspace'> => ({
  scope: 'workspace',
  roles: who,
  key,
})

/** Whether a key with these scopes (null = unrestricted) opens what the rule guards; `x:write` includes `x:read`. */
export function keyAllows(scopes: readonly string[] | null, { key }: Rule): boolean {
  if (scopes === null || key === null) return true
  return scopes.includes(key) || (key.endsWith(':read') && scopes.includes(key.replace(/:read$/, ':write')))
}

/** Whether a role may, on its own or (with `own`) on what it created. */
export function roleAllows(rule: Rule, role: Role | 'system', own: boolean): boolean {
  return role === 'system' || rule.roles.includes(role) || (own && (rule.ownRoles?.includes(role) ?? false))
}

/** What a token bound to one workspace may not; making and rotating tokens pass the binding on by themselves. */
export function changesThePerson({ key, boundTokens }: Rule): boolean {
  return key !== null && key.endsWith(':write') && !boundTokens
}
