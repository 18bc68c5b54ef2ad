import { z } from 'zod'

/**
 * The shapes that answers are made of, by the name they have in the OpenAPI document: objects and enumerations of the
 * schema files, without the inputs and outputs of operations. Where two files use one word, the second is named by its
 * concept too.
 */
export function namedShapes(schemas: Readonly<Record<string, object>>): Record<string, z.ZodType> {
  const named: Record<string, z.ZodType> = {}
  const seen = new Set<z.ZodType>()
  for (const [concept, file] of Object.entries(schemas)) {
    for (const [name, shape] of Object.entries(file) as [string, unknown][]) {
      if (!(shape instanceof z.ZodObject || shape instanceof z.ZodEnum) || /(Input|Output)$/.test(name)) continue
      if (seen.has(shape)) continue
      seen.add(shape)
      const plain = capital(name)
      named[Object.hasOwn(named, plain) ? capital(concept) + plain : plain] = shape
    }
  }
  return named
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
