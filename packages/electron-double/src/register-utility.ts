// The double's first code in a utility process, written as plain JavaScript by plain.ts.
import crypto from 'node:crypto'
import { registerHooks, syncBuiltinESMExports } from 'node:module'
import { doubleEnv } from './env.ts'
import { denyNetwork } from './network.ts'
import { ParentPort } from './parent-port.ts'

const double = new URL('./electron-utility.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/utility'
      ? { url: double, format: 'module', shortCircuit: true }
      : next(specifier, context),
})

if (doubleEnv.denyNetwork) denyNetwork()

for (const name of doubleEnv.lacking) Object.assign(crypto, { [name]: undefined })
syncBuiltinESMExports()

Object.defineProperty(process, 'parentPort', { value: new ParentPort() })
