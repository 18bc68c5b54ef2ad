import { describe, expect, test } from 'vitest'
import { localPath, onThisServer, safeHref } from './links.ts'

describe('a page of this console', () => {
  test.each([
    ['/', '/'],
    ['/me/profile', '/me/profile'],
    ['/w/wkspace_1/bots?type=adk&tag=env:prod#top', '/w/wkspace_1/bots?type=adk&tag=env:prod#top'],
    ['/invitations/stw_inv_abc', '/invitations/stw_inv_abc'],
    ['/a?next=//evil.example', '/a?next=//evil.example'],
    ['/a/../me', '/me'],
    ['/a\\..\\..\\me', '/me'],
    ['/bots%20of%20ours', '/bots%20of%20ours'],
  ])('%j is', (text, path) => {
    expect(localPath(text)).toBe(path)
  })

  test.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2f%2fevil.example',
    '/%2Fevil.example',
    '/%5cevil.example',
    '/%252f%252fevil.example',
    '/%09/evil.example',
    '/%zz',
    'https://evil.example',
    'javascript:alert(1)',
    'evil.example',
    '',
    null,
    undefined,
  ])('%j is not', (text) => {
    expect(localPath(text)).toBeNull()
  })
})

test.each([
  ['http://10.0.0.1:7420/downloads/versions/v?expires=1&signature=a', '/downloads/versions/v?expires=1&signature=a'],
  ['https://steward.example/a', '/a'],
  ['javascript:alert(1)', null],
  ['https://steward.example//evil.example', null],
  ['data:text/html,x', null],
])('%s on this server', (address, path) => {
  expect(onThisServer(address)).toBe(path)
})

test.each([
  ['https://example.org/a', 'https://example.org/a'],
  [' HTTP://Example.org ', 'http://example.org/'],
  ['mailto:ada@example.org', 'mailto:ada@example.org'],
  ['javascript:alert(1)', null],
  ['java\nscript:alert(1)', null],
  [' javascript:alert(1)', null],
  ['data:text/html,<script>alert(1)</script>', null],
  ['vbscript:x', null],
  ['file:///etc/passwd', null],
  ['blob:https://example.org/x', null],
  ['//evil.example', null],
  ['example.org', null],
  ['', null],
  [undefined, null],
])('%j as a link', (address, href) => {
  expect(safeHref(address)).toBe(href)
})
