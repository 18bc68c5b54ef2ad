import { suite } from '@steward/testkit/vitest'

export default suite({
  globalSetup: ['@steward/db/testing/global'],
  setupFiles: ['@steward/db/testing/seeded', '@steward/api/testing/scrypt'],
})
