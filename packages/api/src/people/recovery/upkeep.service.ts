// What the jobs need: queries are reached through their concept.
export { sweepRecoveryLinks } from './recovery.queries.ts'
