import { expect, it } from 'vitest'
import { missingFor, signingArguments } from '../build/signing.ts'

const mac = {
  CSC_LINK: '/c.p12',
  CSC_KEY_PASSWORD: 'x',
  APPLE_API_KEY: '/k.p8',
  APPLE_API_KEY_ID: 'id',
  APPLE_API_ISSUER: 'issuer',
  STEWARD_UPDATE_URL: 'https://get.example.org/steward',
}
const names = (platform: NodeJS.Platform, env: Record<string, string>): string[] =>
  missingFor(platform, env).map(({ name }) => name)

it('names everything that a release lacks on a system', () => {
  expect(names('darwin', mac)).toEqual([])
  expect(names('darwin', {})).toEqual(Object.keys(mac))
  for (const name of Object.keys(mac)) expect(names('darwin', { ...mac, [name]: '' })).toEqual([name])
  expect(names('win32', {})).toEqual(['WIN_CSC_LINK', 'WIN_CSC_KEY_PASSWORD', 'STEWARD_UPDATE_URL'])
  expect(names('linux', { STEWARD_UPDATE_URL: 'http://get.example.org', STEWARD_MAINTAINER: 'nobody' })).toEqual([
    'STEWARD_MAINTAINER',
    'STEWARD_UPDATE_URL',
  ])
})

it('makes no release whose signature fails, and no unsigned build that looks for one', () => {
  expect(signingArguments('darwin', mac)).toEqual([
    '-c.publish.provider=generic',
    '-c.publish.url=https://get.example.org/steward',
    '-c.forceCodeSigning=true',
  ])
  expect(signingArguments('darwin', null)).toContain('-c.mac.identity=-')
  const linux = { STEWARD_UPDATE_URL: 'https://get.example.org/steward', STEWARD_MAINTAINER: 'A <a@example.org>' }
  expect(missingFor('linux', linux)).toEqual([])
  expect(signingArguments('linux', linux)).toEqual([
    '-c.publish.provider=generic',
    '-c.publish.url=https://get.example.org/steward',
    '-c.linux.maintainer=A <a@example.org>',
    '-c.extraMetadata.homepage=https://get.example.org',
  ])
  expect(signingArguments('linux', null)).toEqual([])
})
