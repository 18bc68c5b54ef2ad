import { suite } from '@steward/testkit/vitest'

export default suite({
  longest: ['kill', 'planted', 'start'],
  globalSetup: ['@steward/db/testing/global', 'src/compiled.global.ts'],
})
