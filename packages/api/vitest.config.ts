import { suite } from '@steward/testkit/vitest'

export default suite({
  globalSetup: ['@steward/db/testing/global'],
  setupFiles: ['src/people/sign-in/scrypt.testing.ts'],
})
