import { describe, expect, it } from 'vitest'
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
