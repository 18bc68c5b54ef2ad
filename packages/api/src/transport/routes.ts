/** Routes by the raw segments of a path. Parameters are found by their position, since two routes may name them apart. */
export interface RouteTable<R> {
  /** The routes at this path, by method; null for an unknown path. */
  find(path: string): { methods: ReadonlyMap<string, R>; segments: readonly string[] } | null
}

interface Node<R> {
  literals: Map<string, Node<R>>
  parameter: Node<R> | null
  methods: Map<string, R>
}

const newNode = <R>(): Node<R> => ({ literals: new Map(), parameter: null, methods: new Map() })

/**
 * Builds the table once. A literal segment beats a parameter, and only where it leads nowhere is the parameter tried
 * (reference 1.9). Segments are compared as they were sent: an encoded slash stays inside its segment.
 * @throws Error when two routes are the same.
 */
export function routeTable<R extends { method: string; path: string }>(routes: Iterable<R>): RouteTable<R> {
  const root = newNode<R>()
  for (const route of routes) {
    let node = root
    for (const segment of route.path.split('/')) node = step(node, segment)
    if (node.methods.has(route.method)) throw new Error(`Two routes are called ${route.method} ${route.path}.`)
    node.methods.set(route.method, route)
  }
  return {
    find(path) {
      const segments = path.split('/')
      const node = descend(root, segments, 0)
      return node && { methods: node.methods, segments }
    },
  }
}

export const isParameter = (segment: string): boolean => segment.startsWith('{')

function step<R>(node: Node<R>, segment: string): Node<R> {
  if (isParameter(segment)) {
    node.parameter ??= newNode()
    return node.parameter
  }
  const next = node.literals.get(segment) ?? newNode<R>()
  node.literals.set(segment, next)
  return next
}

function descend<R>(node: Node<R>, segments: readonly string[], at: number): Node<R> | null {
  const segment = segments[at]
  if (segment === undefined) return node.methods.size > 0 ? node : null
  const literal = node.literals.get(segment)
  const found = literal ? descend(literal, segments, at + 1) : null
  if (found || !node.parameter || segment === '') return found
  return descend(node.parameter, segments, at + 1)
}
