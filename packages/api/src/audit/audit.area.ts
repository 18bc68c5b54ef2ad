import type { AppContext } from '../core/app-context.ts'
import type { Area, JobOptions, RunningJob } from '../core/area.ts'
import { permissions } from './audit.permissions.ts'
import type { CheckpointSink } from './checkpoint-sink.ts'
import { checkpointLane, checkpointMovedLanes } from './checkpoint.service.ts'

declare module '../core/area.ts' {
  interface JobOptions {
    /** The second place for signed checkpoints. */
    checkpointSink?: CheckpointSink | undefined
    /** A lane gets a checkpoint after so many records; and hourly if it moved. */
    checkpointEvery?: number
  }
}

/** Signs the chains of the audit trail. */
function signCheckpoints(app: AppContext, { checkpointSink: sink, checkpointEvery = 100 }: JobOptions): RunningJob {
  return {
    name: 'checkpoint',
    hourly: async () => void (await checkpointMovedLanes(app, sink)),
    isDue: ({ version }) => version % checkpointEvery === 0,
    run: async ({ laneId }) => void (await checkpointLane(app, laneId, sink)),
  }
}

export const auditArea: Area = { permissions, jobs: [signCheckpoints] }
