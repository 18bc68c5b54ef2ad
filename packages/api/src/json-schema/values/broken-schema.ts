/** What is wrong with a schema, met while data was checked against it. */
export class BrokenSchema extends Error {
  override readonly name = 'BrokenSchema'
}
