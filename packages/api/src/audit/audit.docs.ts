import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const hash = '9f2b6f0a1c3d5e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7'

export const auditDocs = docsOf(
  {
    name: 'Audit trail',
    area: 'Audit',
    description:
      'Who changed what. Records are linked by a hash chain, so verification detects any record that was altered, removed or inserted later.',
    fields: { id: 'The workspace.', userId: 'The person.' },
    samples: {
      id: sampleIds.workspace,
      'records.id': sampleIds.record,
      'record.id': sampleIds.record,
      recordId: sampleIds.record,
      recordIds: [sampleIds.record],
      recordedAt: '2026-03-02T14:05:12.000Z',
      userEmail: 'ada@example.org',
      resourceId: sampleIds.bot,
      'resource.name': 'Support',
      'resource.path': `/w/${sampleIds.workspace}/bots/${sampleIds.bot}/overview`,
      'resource.search': {},
      resourceName: 'Support',
      resourceType: 'bot',
      value: null,
      action: 'UPDATE_BOT',
      operation: 'bot.update',
      seq: 42,
      prev: '4c5d6e7f8091a2b3c4d5e6f79f2b6f0a1c3d5e7f8091a2b3c4d5e6f708192a3b',
      hash,
      payloadHash: 'c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f79f2b6f0a1c3d5e7f8091a2b3',
      actorKind: 'user',
      actorId: sampleIds.user,
      requestId: sampleIds.request,
      before: { name: 'Helper' },
      after: { name: 'Support' },
      ip: '203.0.113.7',
      'credential.kind': 'token',
      'credential.id': sampleIds.token,
      laneId: sampleIds.workspace,
      head: hash,
      finding: null,
      keyId: '1f0e2d3c4b5a6978',
      signature: 'q8Y0c1m3s5u7w9y1A3C5E7G9I1K3M5O7Q9S1U3W5Y7a9c1e3g5i7k9m1o3q5s7u9w1y3A5C7E9G1I3K5M7O9Qg==',
      publicKey:
        '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAq8Y0c1m3s5u7w9y1A3C5E7G9I1K3M5O7Q9S1U3W5Y7Y=\n-----END PUBLIC KEY-----\n',
    },
  },
  {
    list: {
      summary: 'List audit records',
      description: 'The audit trail of a workspace, newest first.',
      fields: {
        action: 'Only records with this action.',
        userId: 'Only actions by this person.',
        from: 'Only records at or after this time: ISO 8601 with `Z` or an offset.',
        until: 'Only records at or before this time: ISO 8601 with `Z` or an offset.',
      },
      samples: { from: '2026-03-01T00:00:00Z', until: '2026-03-31T23:59:59Z' },
    },
    describe: {
      summary: 'Get an audit record',
      description:
        'One record in full: the values before and after, the IP address and user agent, and its position in the chain. Erased fields are null.',
      fields: { recordId: 'The record.' },
    },
    verify: {
      summary: 'Verify the audit trail',
      description:
        'Recomputes the chain from its first record to its last, compares it with the signed checkpoints, and reports the first problem.',
      samples: { records: 42, erased: 0, checkpoints: 3, ok: true },
    },
    export: {
      summary: 'Export the audit trail',
      description:
        'One part of the file, with about a megabyte of records; join the parts in order to get the whole file. It can be verified without Steward.',
      fields: { format: '`csv` for spreadsheets, `jsonl` (one JSON object per line) for verification.' },
      samples: {
        format: 'csv',
        text: `id,seq,at,action\n${sampleIds.record},42,2026-03-02T14:05:12.000Z,UPDATE_BOT\n`,
      },
    },
    listCheckpoints: {
      summary: 'List signed checkpoints',
      description:
        'Signed heads of the chain, newest first, each with the public key that verifies it. A chain that ends before its last checkpoint was truncated.',
    },
    erase: {
      summary: 'Erase personal data from the audit trail',
      description:
        'Erases the payloads (names, addresses, values before and after) of records about or by a person. The records remain, the chain still verifies, and the erasure itself is recorded. If `more` is true, over 1,000 records matched: call again.',
      fields: {
        userId: 'The person whose data to erase.',
        recordIds: 'Only these records.',
      },
      samples: { erased: 1, more: false },
    },
  },
)
