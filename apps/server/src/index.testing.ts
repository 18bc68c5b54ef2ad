// `@steward/server/testing`: what suites outside of this app need of its inside.
import { fileURLToPath } from 'node:url'

export { readConfig } from './config.ts'
export { createLog } from './log.ts'
export { appParts } from './open.ts'
export { startServer, type RunningServer } from './server.ts'

/** The path of what a server process runs. */
export const serverProgram = fileURLToPath(new URL('./main.ts', import.meta.url))
