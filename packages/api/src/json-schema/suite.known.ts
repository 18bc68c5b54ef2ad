/**
 * Cases of the public suite that end otherwise here, as `draft/file: group: case`. All of them refer to documents beside
 * the schema, and nothing is fetched.
 */
export const knownDifferences: readonly string[] = [
  'draft2020-12/dynamicRef: $ref and $dynamicAnchor are independent of order - $defs first: correct extended schema',
  'draft2020-12/dynamicRef: $ref and $dynamicAnchor are independent of order - $defs first: incorrect extended schema',
  'draft2020-12/dynamicRef: $ref and $dynamicAnchor are independent of order - $defs first: incorrect parent schema',
  'draft2020-12/dynamicRef: $ref and $dynamicAnchor are independent of order - $ref first: correct extended schema',
  'draft2020-12/dynamicRef: $ref and $dynamicAnchor are independent of order - $ref first: incorrect extended schema',
  'draft2020-12/dynamicRef: $ref and $dynamicAnchor are independent of order - $ref first: incorrect parent schema',
  'draft2020-12/dynamicRef: $ref to $dynamicRef finds detached $dynamicAnchor: non-number is invalid',
  'draft2020-12/dynamicRef: $ref to $dynamicRef finds detached $dynamicAnchor: number is valid',
  'draft2020-12/dynamicRef: strict-tree schema, guards against misspelled properties: instance with correct field',
  'draft2020-12/dynamicRef: strict-tree schema, guards against misspelled properties: instance with misspelled field',
  'draft2020-12/dynamicRef: tests for implementation dynamic anchor and reference link: correct extended schema',
  'draft2020-12/dynamicRef: tests for implementation dynamic anchor and reference link: incorrect extended schema',
  'draft2020-12/dynamicRef: tests for implementation dynamic anchor and reference link: incorrect parent schema',
]
