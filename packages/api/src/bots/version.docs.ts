import { docsOf } from '../core/procedure/docs.ts'
import { sampleIds } from '../core/procedure/samples.ts'

const codeHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

export const versionDocs = docsOf(
  {
    name: 'Versions',
    area: 'Bots',
    description: 'Saved states of a bot, the differences between them, and which one is deployed.',
    fields: {
      id: 'The bot.',
      workspaceId: 'The bot’s workspace. Optional, because the bot’s id identifies it.',
      versionId: 'The version.',
      note: 'The reason, for the deployment history.',
      expectedCurrentVersionId:
        'Deploy only if this is the current version, or with `null` only if there is none. Otherwise the response is 409 and nothing changes.',
    },
    samples: {
      id: sampleIds.bot,
      name: 'Spring release',
      description: 'Answers questions about returns.',
      'versions.id': sampleIds.version,
      'version.id': sampleIds.version,
      authorId: sampleIds.user,
      current: true,
      contentHash: '5b1a8f0e2d3c4b5a69788f0e2d3c4b5a69788f0e2d3c4b5a69788f0e2d3c4b5a',
      parentId: sampleIds.otherVersion,
      beforeId: sampleIds.otherVersion,
      codeHash,
      codeSize: 18_204,
      documentSize: 2310,
      deployed: true,
      expectedCurrentVersionId: sampleIds.otherVersion,
      'deployments.id': sampleIds.deployment,
      'deployment.id': sampleIds.deployment,
      versionName: 'Spring release',
      previousVersionId: sampleIds.otherVersion,
      deployedBy: sampleIds.user,
      kind: 'deploy',
    },
  },
  {
    list: {
      summary: 'List versions',
      description:
        'All versions of a bot, newest first, in one response. The version history is paginated and has more details.',
    },
    create: {
      summary: 'Save a version',
      description:
        'Saves the bot as it is now, including its code, as a version that can be compared and deployed later. If the newest version is identical, that one is returned.',
      fields: { name: 'The name of the version.', description: 'What it contains.' },
      example: {
        input: { id: sampleIds.bot, name: 'Spring release', description: 'Answers questions about returns.' },
      },
    },
    get: {
      summary: 'Get a link to a version’s archive',
      description: 'A link that downloads the version without a token. It works for 15 minutes.',
      samples: {
        url: `https://steward.example.org/downloads/versions/${sampleIds.version}?expires=1772446500&signature=pT3k9Qx1`,
      },
    },
    deploy: {
      summary: 'Deploy a version',
      description:
        'Replaces the bot with this version. The bot’s previous state is saved as a version first, unless one already contains it.',
      example: { input: { id: sampleIds.bot, versionId: sampleIds.version } },
    },
    describe: {
      summary: 'Get a version',
      description: 'Who saved a version, when and why, with the hashes and sizes of its contents.',
    },
    history: {
      summary: 'Get the version history',
      description:
        'The versions of a bot, newest first, page by page, with who saved them and whether they were deployed.',
      fields: { search: 'Part of the name or the description, or a full id.' },
      samples: { search: 'returns' },
    },
    current: {
      summary: 'Get the current version',
      description:
        'The version that is deployed, whether the bot has been edited since, the latest deployment, and what a rollback would deploy.',
      samples: {
        'current.id': sampleIds.version,
        'rollbackTo.id': sampleIds.otherVersion,
        edited: false,
        current: undefined,
      },
    },
    diff: {
      summary: 'Compare two versions',
      description: 'The differences between the definitions of two versions, and how many lines of code differ.',
      fields: { from: 'The version to compare from.', to: 'The version to compare with.' },
      samples: { from: sampleIds.otherVersion, to: sampleIds.version },
      example: {
        output: {
          changes: [{ path: ['configuration', 'data', 'language'], kind: 'changed', before: 'en', after: 'de' }],
          truncated: false,
          code: {
            changed: true,
            before: { hash: codeHash, size: 17_950 },
            after: { hash: 'a'.repeat(64), size: 18_204 },
            lines: { added: 12, removed: 3 },
          },
        },
      },
    },
    listDeployments: {
      summary: 'List deployments',
      description: 'What was deployed, when, by whom and why, newest first.',
    },
    rollback: {
      summary: 'Roll back',
      description:
        'Deploys the version that was current before the last deployment. Rolling back twice returns to the starting point.',
      example: { input: { id: sampleIds.bot, note: 'Wrong greeting' } },
    },
  },
)
