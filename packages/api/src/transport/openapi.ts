import type { Areas } from '../core/area.ts'
import type { AnyTRPCRouter } from '@trpc/server'
import { z } from 'zod'
import type { Tag } from '../core/procedure/docs.ts'
import { errorResponses, errorSchema } from './openapi-errors.ts'
import type { Components } from './openapi-operation.ts'
import { operationOf } from './openapi-operation.ts'
import { introduction } from './openapi-words.ts'
import { routesOf } from './rest.ts'

export interface OpenApiOptions {
  /** Where this installation is reached. */
  publicUrl: string
  /** Who may call what, by permission. */
  permissions: Areas['permissions']
  /** Answers' shapes with the names they shall have in the document. */
  shapes?: Readonly<Record<string, z.ZodType>> | undefined
}

/**
 * The OpenAPI 3.1 document of the router's REST operations, printed from the same schemas that check the calls.
 * Query maps are sent as `name.key=value`, which no OpenAPI style can say; `x-encoding: dots` says it, as in the
 * contract.
 * @throws Error where an example cannot be made for want of a sample.
 */
export function printOpenApi(router: AnyTRPCRouter, { publicUrl, permissions, shapes = {} }: OpenApiOptions): object {
  const components: Components = { names: registryOf(shapes), schemas: { Error: errorSchema }, permissions }
  const paths: Record<string, Record<string, object>> = {}
  const routes = routesOf(router)
  for (const route of routes) {
    const item = (paths[route.path] ??= {})
    item[route.method.toLowerCase()] = operationOf(route, components)
  }
  const tags = new Map(routes.map(({ served }) => [served.meta.docs.tag.name, served.meta.docs.tag]))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Steward admin API',
      version: '1.105.0',
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    security: [{ BearerAuth: [] }],
    tags: [...tags.values()].map(({ name, description }) => ({ name, description })),
    'x-tagGroups': groupsOf([...tags.values()]),
    paths,
    components: {
      schemas: components.schemas,
      responses: errorResponses(),
      securitySchemes: {
        BearerAuth: {
          type: 'http',
          scheme: 'bearer',
          description: 'A personal access token (`bp_pat_…`), or the key of a bot (`bp_bak_…`) where that is stated.',
        },
      },
    },
  }
}

/** The tags by area, as readers of such documents draw them. */
function groupsOf(tags: readonly Tag[]): object[] {
  return [...new Set(tags.map(({ area }) => area))].map((area) => ({
    name: area,
    tags: tags.filter((tag) => tag.area === area).map(({ name }) => name),
  }))
}

function registryOf(shapes: Readonly<Record<string, z.ZodType>>): Components['names'] {
  const registry = z.registry<{ id: string }>()
  for (const [id, shape] of Object.entries(shapes)) registry.add(shape, { id })
  return registry
}
