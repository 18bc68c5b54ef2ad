// For the audit trail, whose records `write` makes.
export { erasePayloads } from './write.queries.ts'
