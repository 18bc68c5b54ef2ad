import { describe, expect, it } from 'vitest'
import { correction, formatBits, masks, multiply, path, qrOf, type Matrix } from './qr.ts'

describe('QR codes', () => {
  it('corrects as the published example of version 1-M does', () => {
    const data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17]
    expect(correction(data, 10)).toEqual([196, 35, 39, 119, 235, 215, 231, 226, 93, 23])
  })

  it('prints the format bits of the standard for level M', () => {
    const bits = masks.map((_, mask) => formatBits(mask).toString(2).padStart(15, '0'))
    expect(bits).toEqual([
      '101010000010010',
      '101000100100101',
      '101111001111100',
      '101101101001011',
      '100010111111001',
      '100000011001110',
      '100111110010111',
      '100101010100000',
    ])
  })

  it.each([1, 14, 15, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331])(
    'can be read back with %i bytes',
    (length) => {
      const text = 'otpauth://totp/Steward:mara@example.org?secret=ABCDEFGH'.padEnd(length, 'x1?').slice(0, length)
      expect(readBack(qrOf(text))).toBe(text)
    },
  )

  it('keeps text beyond ASCII as UTF-8', () => {
    expect(readBack(qrOf('Zoë ⚙️ 東京'))).toBe('Zoë ⚙️ 東京')
  })

  it('refuses what does not fit', () => {
    expect(() => qrOf('x'.repeat(332))).toThrow(RangeError)
  })
})

/** [error correction bytes, sizes of the data blocks] by version, written down apart from the encoder. */
const blocksOf: Record<number, [number, number[]]> = {
  1: [10, [16]],
  2: [16, [28]],
  3: [26, [44]],
  4: [18, [32, 32]],
  5: [24, [43, 43]],
  6: [16, [27, 27, 27, 27]],
  7: [18, [31, 31, 31, 31]],
  8: [22, [38, 38, 39, 39]],
  9: [22, [36, 36, 36, 37, 37]],
  10: [26, [43, 43, 43, 43, 44]],
  11: [30, [50, 51, 51, 51, 51]],
  12: [22, [36, 36, 36, 36, 36, 36, 37, 37]],
  13: [22, [37, 37, 37, 37, 37, 37, 37, 37, 38]],
}

/** Reads a clean code; every block's syndromes have to be zero. */
function readBack(matrix: Matrix): string {
  const size = matrix.length
  const version = (size - 17) / 4
  const mask = maskOf(matrix)
  const [ec, sizes] = blocksOf[version] ?? [0, []]
  const bits: number[] = []
  for (const [y, x] of path(size))
    if (!isFunction(version, y, x)) bits.push(matrix[y]?.[x] !== masks[mask]?.(y, x) ? 1 : 0)
  const total = sizes.reduce((sum, length) => sum + length + ec, 0)
  const bytes = Array.from({ length: total }, (_, at) => Number.parseInt(bits.slice(at * 8, at * 8 + 8).join(''), 2))
  const blocks = unweave(bytes, sizes, ec)
  for (const block of blocks)
    for (let power = 0, root = 1; power < ec; power++, root = multiply(root, 2))
      expect(block.reduce((sum, byte) => multiply(sum, root) ^ byte, 0)).toBe(0)
  const data = blocks.flatMap((block) => block.slice(0, -ec)).flatMap((byte) => [byte >> 4, byte & 15])
  expect(data[0]).toBe(4)
  const digits = version < 10 ? 2 : 4
  const length = data.slice(1, 1 + digits).reduce((sum, digit) => sum * 16 + digit, 0)
  const text = data.slice(1 + digits, 1 + digits + 2 * length)
  return new TextDecoder().decode(
    Uint8Array.from({ length }, (_, at) => (text[2 * at] ?? 0) * 16 + (text[2 * at + 1] ?? 0)),
  )
}

function maskOf(matrix: Matrix): number {
  const rows = [0, 1, 2, 3, 4, 5, 7, 8].map((y) => matrix[y]?.[8])
  const columns = [7, 5, 4, 3, 2, 1, 0].map((x) => matrix[8]?.[x])
  const bits = [...rows, ...columns].reduce((sum, dark, bit) => sum | (dark ? 1 << bit : 0), 0)
  return masks.findIndex((_, mask) => formatBits(mask) === bits)
}

function unweave(bytes: readonly number[], sizes: readonly number[], ec: number): number[][] {
  const blocks: number[][] = sizes.map(() => [])
  let next = 0
  const longest = Math.max(...sizes)
  for (let at = 0; at < longest; at++)
    for (const [block, length] of sizes.entries()) if (at < length) blocks[block]?.push(bytes[next++] ?? 0)
  for (let at = 0; at < ec; at++) for (const block of blocks) block.push(bytes[next++] ?? 0)
  return blocks
}

function isFunction(version: number, y: number, x: number): boolean {
  const size = 17 + 4 * version
  const far = size - 8
  if ((y < 9 && x < 9) || (y < 9 && x >= far) || (y >= far && x < 9) || y === 6 || x === 6) return true
  if (version >= 7 && ((y < 6 && x >= size - 11) || (x < 6 && y >= size - 11))) return true
  const centres = centresOf(version)
  return centres.some((cy) =>
    centres.some((cx) => {
      const corner = (cy === 6 && cx === 6) || (cy === 6 && cx === size - 7) || (cx === 6 && cy === size - 7)
      return !corner && Math.abs(cy - y) <= 2 && Math.abs(cx - x) <= 2
    }),
  )
}

function centresOf(version: number): number[] {
  if (version === 1) return []
  const last = 10 + 4 * version
  return version < 7 ? [6, last] : [6, (6 + last) / 2, last]
}
