import { sha256 } from '../secrets.ts'

/** The hash before the first record of a chain. */
export const genesis = '0'.repeat(64)

/** What the chain covers of a record besides its place: strings and integers only, so that it has one spelling. */
export interface AuditHeader {
  id: string
  laneId: string
  at: string
  actorKind: string
  actorId: string | null
  action: string
  operation: string
  resourceType: string
  resourceId: string | null
  requestId: string
}

/** SHA-256 of the salted payload. The salt lies with the payload: erasing both leaves nothing to guess at. */
export function payloadHash(salt: string, payload: string): string {
  return sha256(`${salt}.${payload}`)
}

/**
 * The link of one record: SHA-256 over sequence number, previous hash, header and payload hash, as a JSON array (of
 * strings, integers and nulls, where JSON.stringify and RFC 8785 agree).
 */
export function linkHash(seq: number, prev: string, record: { header: AuditHeader; payloadHash: string }): string {
  const h = record.header
  return sha256(
    JSON.stringify([
      seq,
      prev,
      h.id,
      h.laneId,
      h.at,
      h.actorKind,
      h.actorId,
      h.action,
      h.operation,
      h.resourceType,
      h.resourceId,
      h.requestId,
      record.payloadHash,
    ]),
  )
}
