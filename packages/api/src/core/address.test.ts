import ipaddr from 'ipaddr.js'
import { describe, expect, it, vi } from 'vitest'
import { addressKey, plainAddress } from './address.ts'

describe('addresses as they are kept', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['"203.0.113.7:51234"', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['"[2001:db8::1]:4711"', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:80', 'fe80::1'],
    ['', null],
    [undefined, null],
    ['unknown', null],
    ['_hidden', null],
    ['256.1.1.1', null],
    ['010.0.0.1', null],
    ['127.1', null],
    ['2130706433', null],
    ['0x7f.0.0.1', null],
    ['2001:db8::g', null],
    ['[2001:db8::1', null],
    ['203.0.113.7:port', null],
    ["203.0.113.7' or 1=1", null],
    ['203.0.113.7, 10.0.0.1', null],
  ])('%j is %j', (text, address) => {
    expect(plainAddress(text)).toBe(address)
  })

  it('does not ask the library about IPv4 or nothing: its errors cost more than a small call', () => {
    const asked = [vi.spyOn(ipaddr.IPv4, 'isValid'), vi.spyOn(ipaddr.IPv6, 'isValid')]
    for (const text of [undefined, '', '203.0.113.7', '127.1', '256.1.1.1']) plainAddress(text)
    for (const spy of asked) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })
})

describe('callers told apart by address', () => {
  it.each([
    ['203.0.113.7', 'ip:203.0.113.7'],
    ['::ffff:203.0.113.7', 'ip:203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', 'ip:2001:db8:1:2'],
    ['2001:DB8::1', 'ip:2001:db8:0:0'],
    ['fe80::1%eth0', 'ip:fe80:0:0:0'],
    ['::1', 'ip:0:0:0:0'],
    ['garbage', 'ip:unknown'],
    [null, 'ip:unknown'],
  ])('%s', (ip, key) => {
    expect(addressKey(ip)).toBe(key)
  })
})
