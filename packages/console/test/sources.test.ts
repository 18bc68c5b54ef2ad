/** Looks at the console's source for what works only where we looked, or goes around a helper that must not be missed. */
import { readFileSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../src')
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
  .map((name) => ({ name: name.split(sep).join('/'), text: readFileSync(join(root, name), 'utf8') }))
// What runs in the browser beside.
sources.push(
  ...['client.ts', 'transport/event-source.ts', 'transport/unanswered.ts'].map((name) => ({
    name: `api/${name}`,
    text: readFileSync(join(root, '../../api/src', name), 'utf8'),
  })),
)

/** The lines that match, without comments. */
function uses(pattern: RegExp, allowed: readonly string[] = []): string[] {
  return sources
    .filter(({ name }) => !allowed.includes(name))
    .flatMap(({ name, text }) =>
      text
        .split('\n')
        .map((line) => line.replace(/^\s*(\*|\/\*|\/\/).*/, '').replace(/\s\/\/ .*/, ''))
        .filter((line) => pattern.test(line))
        .map((line) => `${name}: ${line.trim()}`),
    )
}

describe('the sources of the console', () => {
  test('are all seen', () => {
    expect(sources.length).toBeGreaterThan(200)
  })

  // MDN lists them: "Features restricted to secure contexts". On plain http, as on a LAN, none of them is there.
  test.each([
    ['random ids', /\brandomUUID\b/, []],
    ['hashes', /\bcrypto\.subtle\b|\bSubtleCrypto\b/, []],
    ['the clipboard', /\bclipboard\.(read|write)|\bClipboardItem\b|navigator\.clipboard/, ['ui/clipboard.ts']],
    ['locks, storage, workers', /navigator\.(locks|storage|serviceWorker|wakeLock)|\bcaches\.|\bcookieStore\b/, []],
    ['devices', /navigator\.(mediaDevices|geolocation|credentials|usb|hid|serial|bluetooth|share|permissions)/, []],
    ['files and notifications', /\bshow(Save|Open)FilePicker\b|\bshowDirectoryPicker\b|\bnew Notification\(/, []],
    [
      'the rest',
      /\b(isSecureContext|PaymentRequest|queryLocalFonts|getDisplayMedia|requestMIDIAccess|EyeDropper)\b/,
      [],
    ],
  ])('need no secure context: %s', (_name, pattern, homes) => {
    expect(uses(pattern, homes)).toEqual([])
  })

  test('take passwords hidden, and from managers and clipboards', () => {
    const fields = sources.flatMap(({ name, text }) =>
      text
        .split(/<(?=(?!Checkbox)\w*(?:Field|Input|input)\b)/)
        .map((field) => field.slice(0, field.indexOf('/>')))
        .filter((field) => /name="(?:\w*[pP]assword|again)"/.test(field))
        .map((field) => ({ name, field })),
    )
    expect(fields.length).toBeGreaterThan(6)
    const open = fields.filter(({ field }) => !/type="password"[^]*autoComplete="(?:current|new)-password"/.test(field))
    expect(open).toEqual([])
    expect(uses(/\bonPaste\b|autoComplete="(?:off)"[^>]*password/)).toEqual([])
  })

  test('take the time from the server’s clock', () => {
    expect(uses(/\bDate\.now\(|\bnew Date\(\)/, ['base/clock.ts'])).toEqual([])
  })

  // What is written out here, a part of the page, or checked on the spot.
  const checked =
    /(?:href|src|action|formAction)=(?:"[^"]*"|\{`#\$\{|\{(?:safeHref|localPath|onThisServer)\(|\{\((?:bot|row)\) =>)/
  test('show no link that was not checked', () => {
    const links = uses(/\b(?:href|src|action|formAction)=(?:\{|")/).filter((line) => !checked.test(line))
    // Lists of our own make link properties of a row, and buttons have a word as their action.
    expect(links.filter((line) => !/ href=\{hrefOf\}| action=\{/.test(line))).toEqual([])
  })

  test('go nowhere that was not checked', () => {
    const moves = uses(/location\.(assign|replace)\(|location(\.href)? = |window\.open\(|\bopen\(['"`]http/)
    expect(moves).toEqual([
      "bots/version/download.ts: if (connection.kind === 'web') return window.location.assign(path)",
      "people/sign-in/provider-buttons.tsx: location.assign(safeHref(String(answer['url'])) ?? failed)",
    ])
    const hrefs = uses(/navigate\(\{ href: |redirect\(\{ href: |\bhref: /, ['base/links.ts'])
    expect(
      hrefs.filter((line) => !/href: (localPath\(|`\/w\/\$\{workspaceId\}\/)|const \{ pathname, href \}/.test(line)),
    ).toEqual([])
  })

  // Drafts lie in the browser's storage: whoever adds one looks that nothing secret is typed there.
  test('keep drafts of these forms only', () => {
    expect(uses(/^\s*draft: /).map((line) => line.split(':')[0])).toEqual([
      'bots/bot/create-bot-dialog.tsx',
      'bots/content/use-configuration.ts',
      'bots/page/settings-tab.tsx',
      'bots/version/save-version.tsx',
      'people/account/contact-panel.tsx',
      'people/account/new-organization-dialog.tsx',
      'people/me/create-token-dialog.tsx',
      'people/me/profile-page.tsx',
      'people/workspace/new-workspace-dialog.tsx',
      'people/workspace/settings-form.tsx',
    ])
  })

  test('write no markup of others into the page', () => {
    expect(
      uses(/dangerouslySetInnerHTML|\.innerHTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(/),
    ).toEqual([])
  })
})
