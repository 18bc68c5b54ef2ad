import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printProcedures } from '../../../scripts/procedures.ts'
import { printCli, printClient, printCurl, quote } from './print.ts'
import { requestOf } from './request.ts'

const url = 'https://steward.example.org'

describe('copy as', () => {
  it('knows the server’s procedures as they are (else run scripts/print-procedures.ts)', () => {
    const committed: unknown = JSON.parse(readFileSync(new URL('./procedures.json', import.meta.url), 'utf8'))
    expect(committed).toEqual(JSON.parse(printProcedures()))
  })

  it('prints a REST read with its header, path and query', () => {
    const input = { workspaceId: 'wkspace_1', tags: { env: 'prod' }, integrationNames: ['a', 'b'], dev: false }
    expect(printCurl({ path: 'bot.list', input }, url)).toBe(
      [
        `curl '${url}/v1/admin/bots?tags.env=prod&integrationNames=a&integrationNames=b&dev=false' \\`,
        '  -H "authorization: Bearer $STEWARD_TOKEN" \\',
        `  -H 'x-workspace-id: wkspace_1'`,
      ].join('\n'),
    )
  })

  it('prints a REST write with its body', () => {
    const input = { id: 'bot/1', versionId: 'v', note: "it's late" }
    expect(printCurl({ path: 'version.deploy', input }, url)).toBe(
      [
        `curl -X POST ${url}/v1/admin/bots/bot%2F1/versions/deploy \\`,
        '  -H "authorization: Bearer $STEWARD_TOKEN" \\',
        `  -H 'content-type: application/json' \\`,
        `  -d '{"versionId":"v","note":"it'\\''s late"}'`,
      ].join('\n'),
    )
  })

  it('prints the operation that answers all there is', () => {
    expect(printCurl({ path: 'workspace.get', input: { id: 'w' } }, url)).toContain(`${url}/v1/steward/workspaces/w`)
    expect(printCurl({ path: 'version.list', input: { id: 'b' } }, url)).toContain(`${url}/v1/admin/bots/b/versions`)
  })

  it('prints a DELETE without a body', () => {
    expect(printCurl({ path: 'me.signOutEverywhere', input: { keepCurrent: true } }, url)).toBe(
      [
        `curl -X DELETE '${url}/v1/steward/me/sessions?keepCurrent=true' \\`,
        '  -H "authorization: Bearer $STEWARD_TOKEN"',
      ].join('\n'),
    )
  })

  it('prints the client and the command line', () => {
    const request = { path: 'bot.create', input: { workspaceId: 'w', name: 'a "b"' } }
    expect(printClient(request, url)).toContain(
      'await client.bot.create.mutate({\n  workspaceId: "w",\n  name: "a \\"b\\""\n})',
    )
    expect(printCli(request, 'ada@example.org')).toBe(
      `npm run --silent steward -- call bot.create '{"workspaceId":"w","name":"a \\"b\\""}' --as ada@example.org`,
    )
  })

  it('refuses what does not exist', () => {
    expect(() => printCli({ path: 'bot.fly', input: {} }, null)).toThrow('bot.fly')
  })

  it('quotes any text so that a shell reads it back', () => {
    const texts = fc.sample(
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
      { numRuns: 200, seed: 7 },
    )
    const script = texts.map((text) => `printf '%s\\0' ${quote(text)}`).join('\n')
    const read = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
    expect(read).toEqual(texts)
  })

  it('reads a request off a query key', () => {
    expect(requestOf([['bot', 'get'], { input: { id: 'b' }, type: 'query' }])).toEqual({
      path: 'bot.get',
      input: { id: 'b' },
    })
    expect(requestOf([['me', 'get']])).toEqual({ path: 'me.get', input: {} })
  })
})
