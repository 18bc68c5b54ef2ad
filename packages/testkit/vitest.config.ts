import { suite } from './src/vitest.ts'

export default suite({ globalSetup: ['@steward/db/testing/global'] })
