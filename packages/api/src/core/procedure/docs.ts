/** A heading in the API's document, and the area it stands in. */
export interface Tag {
  name: string
  description: string
  area: string
}

/** What the API's document says of a procedure. */
export interface Docs {
  tag: Tag
  /** One line, without a full stop. */
  summary: string
  description: string
  /** What the input's fields mean, by name; `commonFields` need no words. */
  fields: Readonly<Record<string, string>>
  /** Values for examples by the name of the field, or by `<field around it>.<field>`. */
  samples: Readonly<Record<string, unknown>>
  /** Whole examples, where one made of samples would be wrong. */
  example: { input?: Readonly<Record<string, unknown>>; output?: unknown }
}

type Entry = Pick<Docs, 'summary' | 'description'> & Partial<Omit<Docs, 'tag'>>

/** The documentation of procedures under one heading; `fields` and `samples` hold for all of them. */
export function docsOf<K extends string>(
  tag: Tag & Partial<Pick<Docs, 'fields' | 'samples'>>,
  entries: Readonly<Record<K, Entry>>,
): Record<K, Docs> {
  const { fields, samples, ...heading } = tag
  const made = Object.entries<Entry>(entries).map(([name, entry]): [string, Docs] => [
    name,
    {
      ...entry,
      tag: heading,
      fields: { ...fields, ...entry.fields },
      samples: { ...samples, ...entry.samples },
      example: entry.example ?? {},
    },
  ])
  return Object.fromEntries(made) as Record<K, Docs>
}

/** Fields that mean the same in every input. */
export const commonFields: Readonly<Record<string, string>> = {
  nextToken: 'Where the page starts: `meta.nextToken` of the previous page. Leave it out for the first page.',
  pageSize: 'The maximum number of entries: 20 by default, 100 at most.',
}
