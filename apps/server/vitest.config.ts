import { suite } from '@steward/testkit/vitest'

export default suite({
  longest: ['cli', 'cli-data', 'serve'],
  globalSetup: ['@steward/db/testing/global'],
})
