import { describe, expect, it } from 'vitest'
import { acceleratorOf } from './accelerator.ts'
import { linkAmong, pathOfLink } from './links.ts'

describe('links', () => {
  it.each([
    ['steward://w/wkspace_1/bots', '/w/wkspace_1/bots'],
    ['steward:///w/wkspace_1/bots/', '/w/wkspace_1/bots'],
    ['steward://w/wkspace_1/members?role=owner', '/w/wkspace_1/members?role=owner'],
    ['steward:w/x', '/w/x'],
    ['steward://invitations#stw_inv_x', '/invitations#stw_inv_x'],
    ['steward://', '/'],
  ])('%s shows %s', (link, path) => {
    expect(pathOfLink(link)).toBe(path)
  })

  it.each(['https://w/x', 'app://steward/x', 'steward://w/%2e%2e/%2e%2e', 'steward://w/a b<script>', 'no link', ''])(
    '%s is none that leads out of the console',
    (link) => {
      const path = pathOfLink(link)
      expect(path === null || (/^\/(?!\/)/.test(path) && !path.includes('..') && !path.includes('<'))).toBe(true)
    },
  )

  it('never lead to another host', () => {
    for (const link of ['steward:////evil.example/x', 'steward:///\\evil.example', 'steward://///x']) {
      expect(new URL(pathOfLink(link) ?? '/', 'app://steward/').host).toBe('steward')
    }
  })

  it('are found among arguments', () => {
    expect(linkAmong(['/usr/bin/steward', '--flag', 'steward://w/x', 'steward://w/y'])).toBe('/w/x')
    expect(linkAmong(['/usr/bin/steward', 'https://x'])).toBeNull()
  })
})

describe('accelerators', () => {
  it.each([
    ['mod+k', 'CmdOrCtrl+K'],
    ['mod+shift+c', 'CmdOrCtrl+Shift+C'],
    ['?', '?'],
    ['enter', 'Enter'],
    ['arrowdown|j', 'Down'],
    ['g b', null],
    ['', null],
  ])('%s is shown as %s', (keys, accelerator) => {
    expect(acceleratorOf(keys)).toBe(accelerator)
  })
})
