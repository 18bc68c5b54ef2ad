import { suite } from '@steward/testkit/vitest'

export default suite({
  longest: ['screens', 'forms', 'forms-kept', 'work', 'lists', 'address'],
  // The servers run in the workers, and everybody who is seeded has a password.
  setupFiles: ['@steward/api/testing/scrypt'],
})
