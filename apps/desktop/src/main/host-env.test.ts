import { expect, it } from 'vitest'
import { hostEnv } from './host-env.ts'

it('keeps what a program needs, and nothing that would steer it', () => {
  const kept = { PATH: '/bin', HOME: '/home/me', LANG: 'C', XDG_RUNTIME_DIR: '/run', MY_NODE_OPTIONS: 'mine' }
  const dropped = {
    NODE_OPTIONS: '--require=/tmp/evil.js',
    NODE_EXTRA_CA_CERTS: '/tmp/evil.pem',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    Node_Options: 'as Windows may spell it',
    ELECTRON_RUN_AS_NODE: '1',
    LD_PRELOAD: '/tmp/evil.so',
    DYLD_INSERT_LIBRARIES: '/tmp/evil.dylib',
    DEBUG: '*',
    npm_config_cache: '/tmp',
    STEWARD_SECRET: 'a server’s',
    GONE: undefined,
  }
  expect(hostEnv({ ...kept, ...dropped })).toEqual(kept)
})
