import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { QrCode } from './qr-code.tsx'

it('a QR code has its marks in three corners and white around it', () => {
  const text = 'otpauth://totp/Steward:mara@example.org?secret=ABCDEFGHIJKLMNOP&issuer=Steward'
  const markup = renderToStaticMarkup(createElement(QrCode, { text, label: 'Key' }))
  const side = Number(/viewBox="0 0 (\d+) \d+"/.exec(markup)?.[1])
  const dark = new Set([...markup.matchAll(/M(\d+) (\d+)h/g)].map(([, x, y]) => `${x} ${y}`))
  // Modules grow by four with each version, 21 in the first; four of white on each side.
  expect((side - 8 - 17) % 4).toBe(0)
  for (const [x, y] of [
    [4, 4],
    [side - 5, 4],
    [4, side - 5],
  ])
    expect(dark.has(`${x} ${y}`)).toBe(true)
  expect([...dark].flatMap((at) => at.split(' ').map(Number)).every((at) => at >= 4 && at < side - 4)).toBe(true)
})
