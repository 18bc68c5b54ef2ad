// A setup file of vitest: what is drawn at random is the same in each run, until STEWARD_SEED says otherwise.
import fc from 'fast-check'
import { shareSeed } from './share.testing.ts'

fc.configureGlobal({ seed: shareSeed })
