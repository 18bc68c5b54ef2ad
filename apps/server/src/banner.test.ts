import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { describe, expect, test } from 'vitest'
import { startBlock } from './banner.ts'
import { readConfig } from './config.ts'
import { checkAddress } from './doctor/address.ts'
import { addressOf } from './open.ts'

const started = {
  url: 'http://192.168.1.4:7420',
  engine: 'sqlite',
  hasConsole: true,
  firstRun: { token: 'bp_pat_x', setupCode: 'stw_set_x' },
} as const
const block = (settings: Record<string, string>) => startBlock(readConfig(settings, '/somewhere'), started)

const address = (text: string, more: Partial<NetworkInterfaceInfo> = {}) =>
  ({ address: text, family: text.includes(':') ? 'IPv6' : 'IPv4', internal: false, ...more }) as NetworkInterfaceInfo
const lan = {
  lo: [address('127.0.0.1', { internal: true }), address('::1', { internal: true })],
  eth0: [address('fe80::1'), address('2001:db8::4'), address('192.168.1.4')],
}

describe('what is printed at the start', () => {
  test('links begin with the public address, where there is one', () => {
    expect(block({ STEWARD_PUBLIC_URL: 'https://steward.example.org' })).toContain(
      'https://steward.example.org/set-up#stw_set_x',
    )
    expect(block({})).toContain('http://192.168.1.4:7420/set-up#stw_set_x')
  })

  test('no link names every address', () => {
    for (const host of ['0.0.0.0', '::']) expect(block({ STEWARD_HOST: host })).not.toMatch(/\/\/(0\.0\.0\.0|\[::\])/)
  })
})

test.each([
  ['127.0.0.1', lan, 'http://127.0.0.1:7420'],
  ['steward.lan', lan, 'http://steward.lan:7420'],
  ['::1', lan, 'http://[::1]:7420'],
  ['0.0.0.0', lan, 'http://192.168.1.4:7420'],
  ['::', lan, 'http://192.168.1.4:7420'],
  ['::', { lo: lan.lo, eth0: lan.eth0.slice(0, 2) }, 'http://[2001:db8::4]:7420'],
  ['0.0.0.0', { lo: lan.lo, eth0: lan.eth0.slice(0, 1) }, 'http://127.0.0.1:7420'],
  ['0.0.0.0', {}, 'http://127.0.0.1:7420'],
])('listening on %s is reached somewhere', (host, interfaces, url) => {
  expect(addressOf(host, 7420, interfaces)).toBe(url)
  expect(addressOf(host, 7420, networkInterfaces())).not.toMatch(/0\.0\.0\.0|\[::\]/)
})

test('the doctor warns of an https address without a trusted proxy, and says what to set', () => {
  const finding = (settings: Record<string, string>) => checkAddress(readConfig(settings, '/'))
  const https = { STEWARD_PUBLIC_URL: 'https://steward.example.org' }
  expect(finding(https)).toMatchObject({ status: 'warn', text: expect.stringContaining('STEWARD_TRUST_PROXY is off') })
  expect(finding({ ...https, STEWARD_TRUST_PROXY: '1' })).toMatchObject({ status: 'ok' })
  expect(finding({})).toMatchObject({ status: 'ok', text: 'http://127.0.0.1:7420' })
  expect(finding({ STEWARD_HOST: '0.0.0.0' })).toMatchObject({
    status: 'ok',
    text: expect.stringContaining('STEWARD_PUBLIC_URL'),
  })
})
