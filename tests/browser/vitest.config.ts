import { suite } from '@steward/testkit/vitest'

export default suite({
  // The servers run in the workers, and everybody who is seeded has a password.
  setupFiles: ['@steward/api/testing/scrypt'],
})
