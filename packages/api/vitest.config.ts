import { suite } from '@steward/testkit/vitest'

export default suite({
  longest: ['workspace.changes', 'collection', 'port', 'blob'],
  globalSetup: ['@steward/db/testing/global'],
  setupFiles: ['@steward/db/testing/seeded', 'src/people/sign-in/scrypt.testing.ts'],
})
