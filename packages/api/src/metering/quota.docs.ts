import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const exampleCatalogue = {
  types: [{ name: 'pdf_pages', title: 'PDF pages', kind: 'counter', unit: 'pages', hard: false }],
  plans: [
    {
      name: 'team',
      title: 'Team',
      contractPlan: 'team',
      limits: {
        account: { bot_count: '50' },
        workspace: {
          bot_count: '20',
          workspace_member_count: '25',
          ai_spend: { limit: '5000000000', upTo: '100000000000' },
        },
      },
    },
  ],
  defaultPlan: 'team',
}

const planId = 'plan_01KB9Y4T3G8S2M6QX7ZC5DVED0'
const overrideId = 'quota_01KB9Y4T3G8S2M6QX7ZC5DVED1'

const state = {
  type: 'bot_count',
  title: 'Bots',
  kind: 'gauge',
  unit: 'count',
  scope: 'workspace',
  scopeId: sampleIds.workspace,
  period: '',
  resetsAt: null,
  used: '16',
  reserved: '0',
  limit: '20',
  completion: 0.8,
  rule: { kind: 'plan', id: planId, text: 'Team, version 1', endsAt: null },
  raisedBy: 'operator',
}

const previewed = {
  overCount: 1,
  over: [
    {
      accountId: sampleIds.account,
      scope: 'workspace',
      scopeId: sampleIds.workspace,
      type: 'bot_count',
      used: '16',
      limit: '10',
    },
  ],
}

const dryRun = 'Only says what would change and what would exceed its limit.'
const reason = 'Why, for the audit trail.'

export const quotaDocs = docsOf(
  {
    name: 'Quotas',
    area: 'Metering',
    description:
      'Quotas: how much an account, a workspace or a bot may use, and how much it does. Amounts are whole numbers in the unit of their type, written as text; AI spend is in nano-dollars (1,000,000,000 are one US dollar). Months are UTC.',
    fields: {
      id: 'The workspace.',
      workspaceId: 'The workspace.',
      accountId: 'The account.',
      type: 'The type of quota.',
      period: 'Any instant of the month. By default the current one.',
      dryRun,
      reason,
    },
    samples: {
      type: 'bot_count',
      value: 20,
      period: '2026-03-01T00:00:00.000Z',
      quotas: [state],
      plan: 'Team, version 1',
      scope: 'workspace',
      scopeId: sampleIds.workspace,
      reason: 'Agreed by phone until the end of June',
      applied: true,
      ...previewed,
    },
  },
  {
    get: {
      summary: 'Get a quota of a workspace',
      description: 'One limit of a workspace. 9007199254740991 means unlimited.',
      example: {
        input: { id: sampleIds.workspace, type: 'bot_count' },
        output: { quota: { period: '2026-03-01T00:00:00.000Z', value: 20, type: 'bot_count' } },
      },
    },
    listOfContract: {
      summary: 'List the quotas of a workspace',
      description: 'The limits of a workspace, one for each of the 15 types. 9007199254740991 means unlimited.',
      example: {
        input: { id: sampleIds.workspace },
        output: { quotas: [{ period: '2026-03-01T00:00:00.000Z', value: 20, type: 'bot_count' }] },
      },
    },
    list: {
      summary: 'List what a workspace uses and may use',
      description:
        'Every type of quota with what is used, reserved and allowed, and the rule that the limit comes from: a plan version or an override.',
      example: { input: { id: sampleIds.workspace }, output: { quotas: [state], plan: 'Team, version 1' } },
    },
    listCompletions: {
      summary: 'List the fullest quota of each workspace',
      description:
        'For each workspace of the caller the type that is nearest to its limit, and how full it is: 0 to 1, and 0 where nothing is limited.',
      example: { input: {}, output: { [sampleIds.workspace]: { type: 'bot_count', completion: 0.8 } } },
    },
    listOfAccount: {
      summary: 'List what an account uses and may use',
      description: 'What all workspaces of an account use together, and how much they may.',
      example: {
        input: { accountId: sampleIds.account },
        output: {
          quotas: [{ ...state, scope: 'account', scopeId: sampleIds.account, limit: '50', completion: 0.32 }],
          plan: 'Team, version 1',
        },
      },
    },
    listAlerts: {
      summary: 'List what came near its limit',
      description: 'Each time usage reached 50, 80 or 100 percent of a limit, newest first: once per limit and month.',
      example: {
        input: { id: sampleIds.workspace },
        output: {
          alerts: [
            {
              id: 'qalert_01KB9Y4T3G8S2M6QX7ZC5DVED2',
              scope: 'workspace',
              scopeId: sampleIds.workspace,
              type: 'bot_count',
              period: '2026-03',
              threshold: 80,
              passed: [50],
              used: '16',
              limit: '20',
              at: '2026-03-02T14:05:12.000Z',
            },
          ],
          meta: {},
        },
      },
    },
    block: {
      summary: 'Block a workspace',
      description:
        'What is there can be read, changed and deleted; nothing can be added or run until it is unblocked. Only for operators.',
      example: { input: { workspaceId: sampleIds.workspace, reason: 'Invoice 2026-0012 is unpaid' }, output: {} },
    },
    unblock: {
      summary: 'Unblock a workspace',
      description: 'Lifts the block of a workspace. Only for operators.',
      example: { input: { workspaceId: sampleIds.workspace }, output: {} },
    },
    setAiSpend: {
      summary: 'Set the monthly AI budget of a workspace',
      description:
        'Limits what a workspace may spend on AI in a month. The plan says how high it can be set; above that it is refused.',
      fields: { monthlySpendingLimit: 'US dollars per month.' },
      example: { input: { workspaceId: sampleIds.workspace, monthlySpendingLimit: 50 }, output: {} },
    },
    getCatalogue: {
      summary: 'Get the catalogue of plans',
      description: 'The plans and own quota types of this installation, as its operator writes them.',
      example: {
        input: {},
        output: {
          catalogue: exampleCatalogue,
          plans: [{ id: planId, name: 'team', version: 1, retired: false }],
          hash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
        },
      },
    },
    applyCatalogue: {
      summary: 'Apply a catalogue of plans',
      description:
        'Replaces the catalogue. A plan that changed gets a new version, and accounts stay on the version they have. Plans that are left out are retired. Only for operators.',
      fields: {
        catalogue: 'The plans, the own quota types and the default plan.',
        basedOn:
          'The `hash` of the catalogue that this one was made from. If it has changed since, nothing is applied.',
      },
      example: {
        input: { catalogue: exampleCatalogue, dryRun: true },
        output: {
          changes: [{ kind: 'plan', change: 'added', name: 'team', text: 'Team' }],
          overCount: 0,
          over: [],
          applied: false,
          hash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
        },
      },
    },
    listRules: {
      summary: 'List what limits an account',
      description: 'The plan of an account, the plans before it, and its overrides. Only for operators.',
      example: {
        input: { accountId: sampleIds.account },
        output: {
          plan: { id: planId, name: 'team', version: 1 },
          assignments: [{ effectiveAt: '2026-03-02T09:30:00.000Z', plan: 'team, version 1' }],
          overrides: [],
        },
      },
    },
    assignPlan: {
      summary: 'Put an account on a plan',
      description:
        'The limits of the plan apply at once. What exceeds them stays, but nothing can be added to it. Only for operators.',
      fields: {
        plan: 'The name of the plan. `null` puts the account on the default plan.',
        version: 'The version of the plan. By default the newest.',
      },
      example: {
        input: { accountId: sampleIds.account, plan: 'team', reason: 'Signed on 2 March' },
        output: {
          plan: { id: planId, name: 'team', version: 1 },
          effectiveAt: '2026-03-02T09:30:00.000Z',
          ...previewed,
          applied: true,
        },
      },
    },
    setOverride: {
      summary: 'Set a limit for one account, workspace or bot',
      description:
        'Replaces the limit of the plan for a time, or until it is ended. If there are several, the newest applies. Only for operators.',
      fields: {
        scope: 'What is limited.',
        scopeId: 'The account, workspace or bot.',
        limit: 'The limit. `null` means unlimited.',
        effectiveAt: 'When it starts. By default now.',
        endsAt: 'When it ends. `null` means never.',
      },
      example: {
        input: {
          scope: 'workspace',
          scopeId: sampleIds.workspace,
          type: 'bot_count',
          limit: '30',
          endsAt: '2026-07-01T00:00:00.000Z',
          reason: 'Agreed by phone until the end of June',
        },
        output: {
          override: {
            id: overrideId,
            scope: 'workspace',
            scopeId: sampleIds.workspace,
            type: 'bot_count',
            limit: '30',
            effectiveAt: '2026-03-02T09:30:00.000Z',
            endsAt: '2026-07-01T00:00:00.000Z',
            reason: 'Agreed by phone until the end of June',
            origin: 'operator',
            createdBy: sampleIds.user,
            createdAt: '2026-03-02T09:30:00.000Z',
          },
          overCount: 0,
          over: [],
          applied: true,
        },
      },
    },
    endOverride: {
      summary: 'End a limit before its time',
      description: 'The limit of the plan, or the next newest override, applies again at once. Only for operators.',
      fields: { id: 'The override.' },
      example: { input: { accountId: sampleIds.account, id: overrideId }, output: {} },
    },
  },
)
