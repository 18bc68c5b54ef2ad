// `node --import double/register.ts double/run.ts <dist>/main/index.js` runs the built app against the double instead of Electron.
import { registerHooks } from 'node:module'
import { doubleEnv } from './env.ts'
import { denyNetwork } from './network.ts'

const double = new URL('./electron.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main'
      ? { url: double, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
})

if (doubleEnv.denyNetwork) denyNetwork()
