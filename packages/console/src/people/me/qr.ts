/*
 * QR codes of text (ISO/IEC 18004): byte mode, error correction M, versions 1 to 13. Enough for the key of an
 * authenticator, and nothing has to be loaded for it.
 */

/** Version: error correction bytes per block, then blocks and data bytes of each of the two groups (table 9, level M). */
const layouts: readonly (readonly [ec: number, blocks: number, data: number, more: number])[] = [
  [10, 1, 16, 0],
  [16, 1, 28, 0],
  [26, 1, 44, 0],
  [18, 2, 32, 0],
  [24, 2, 43, 0],
  [16, 4, 27, 0],
  [18, 4, 31, 0],
  [22, 2, 38, 2],
  [22, 3, 36, 2],
  [26, 4, 43, 1],
  [30, 1, 50, 4],
  [22, 6, 36, 2],
  [22, 8, 37, 1],
]

/** Centres of the alignment patterns (annex E). */
const alignments: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
  [6, 30, 54],
  [6, 32, 58],
  [6, 34, 62],
]

/** Powers of 2 in GF(256) over x^8 + x^4 + x^3 + x^2 + 1, and their logarithms. */
const exp = new Uint8Array(255)
const log = new Uint8Array(256)
for (let power = 0, value = 1; power < 255; power++) {
  exp[power] = value
  log[value] = power
  value = (value << 1) ^ (value & 128 ? 0x11d : 0)
}

export function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (exp[((log[a] ?? 0) + (log[b] ?? 0)) % 255] ?? 0)
}

/** Coefficients of the generator polynomial without its leading 1, highest first. */
function generator(degree: number): number[] {
  let poly = [1]
  for (let root = 0; root < degree; root++) {
    const by = exp[root] ?? 0
    poly = [...poly, 0].map((value, at) => value ^ multiply(poly[at - 1] ?? 0, by))
  }
  return poly.slice(1)
}

/** The Reed-Solomon bytes of a block. */
export function correction(data: readonly number[], degree: number): number[] {
  const divisor = generator(degree)
  let rest: number[] = Array.from({ length: degree }, () => 0)
  for (const byte of data) {
    const factor = byte ^ (rest[0] ?? 0)
    rest = [...rest.slice(1), 0].map((value, at) => value ^ multiply(divisor[at] ?? 0, factor))
  }
  return rest
}

/** Mode, length, text, terminator and padding, as bytes. @throws RangeError when the text does not fit. */
function dataBytes(text: string): { version: number; bytes: number[] } {
  const utf8 = new TextEncoder().encode(text)
  const index = layouts.findIndex((layout, at) => utf8.length + (at < 9 ? 2 : 3) <= capacity(layout))
  const layout = layouts[index]
  if (!layout) throw new RangeError(`A QR code of ours holds at most 331 bytes, not ${utf8.length}.`)
  const version = index + 1
  const bits = [
    ...bitsOf(4, 4),
    ...bitsOf(utf8.length, version < 10 ? 8 : 16),
    ...[...utf8].flatMap((byte) => bitsOf(byte, 8)),
  ]
  const room = capacity(layout)
  while (bits.length < room * 8 && bits.length % 8 !== 4) bits.push(0)
  bits.push(0, 0, 0, 0)
  const bytes: number[] = []
  for (let at = 0; at + 8 <= bits.length && bytes.length < room; at += 8)
    bytes.push(Number.parseInt(bits.slice(at, at + 8).join(''), 2))
  for (let pad = 0; bytes.length < room; pad++) bytes.push(pad % 2 === 0 ? 0xec : 0x11)
  return { version, bytes }
}

function capacity([, blocks, data, more]: (typeof layouts)[number]): number {
  return blocks * data + more * (data + 1)
}

function bitsOf(value: number, length: number): number[] {
  return Array.from({ length }, (_, at) => (value >>> (length - 1 - at)) & 1)
}

/** Data and correction bytes of all blocks, woven as they are drawn. */
function woven(version: number, bytes: readonly number[]): number[] {
  const [ec, blocks, size, more] = layouts[version - 1] ?? [0, 0, 0, 0]
  let start = 0
  const parts = Array.from({ length: blocks + more }, (_, block) => {
    const data = bytes.slice(start, (start += block < blocks ? size : size + 1))
    return { data, check: correction(data, ec) }
  })
  const column = (at: number, of: 'data' | 'check'): number[] => parts.flatMap((part) => part[of][at] ?? [])
  const longest = more > 0 ? size + 1 : size
  return [
    ...Array.from({ length: longest }, (_, at) => column(at, 'data')).flat(),
    ...Array.from({ length: ec }, (_, at) => column(at, 'check')).flat(),
  ]
}

export type Matrix = boolean[][]

/** Whether a module is turned by each of the eight masks; row and column. */
export const masks: readonly ((y: number, x: number) => boolean)[] = [
  (y, x) => (y + x) % 2 === 0,
  (y) => y % 2 === 0,
  (_y, x) => x % 3 === 0,
  (y, x) => (y + x) % 3 === 0,
  (y, x) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (y, x) => ((y * x) % 2) + ((y * x) % 3) === 0,
  (y, x) => (((y * x) % 2) + ((y * x) % 3)) % 2 === 0,
  (y, x) => (((y + x) % 2) + ((y * x) % 3)) % 2 === 0,
]

/** The modules of the code, row by row, true where dark; without the quiet zone of four modules around it. */
export function qrOf(text: string): Matrix {
  const { version, bytes } = dataBytes(text)
  const drawn = masks.map((_, mask) => draw(version, woven(version, bytes), mask))
  return drawn.reduce((best, next) => (penalty(next) < penalty(best) ? next : best))
}

function draw(version: number, bytes: readonly number[], mask: number): Matrix {
  const size = 17 + 4 * version
  const fixed: (boolean | undefined)[][] = Array.from({ length: size }, () =>
    Array.from({ length: size }, () => undefined),
  )
  const put = (y: number, x: number, dark: boolean): void => {
    const row = fixed[y]
    if (row && x >= 0 && x < size) row[x] = dark
  }
  drawPatterns(version, size, put, (y, x) => fixed[y]?.[x])
  drawFormat(size, mask, put)
  if (version >= 7) drawVersion(version, size, put)
  const bits = bytes.flatMap((byte) => bitsOf(byte, 8))
  const turned = masks[mask] ?? (() => false)
  let next = 0
  for (const [y, x] of path(size)) {
    if (fixed[y]?.[x] !== undefined) continue
    put(y, x, (bits[next++] === 1) !== turned(y, x))
  }
  return fixed.map((row) => row.map((dark) => dark === true))
}

type Put = (y: number, x: number, dark: boolean) => void

function drawPatterns(
  version: number,
  size: number,
  put: Put,
  at: (y: number, x: number) => boolean | undefined,
): void {
  for (let along = 8; along < size - 8; along++) {
    put(6, along, along % 2 === 0)
    put(along, 6, along % 2 === 0)
  }
  for (const [top, left] of [
    [0, 0],
    [0, size - 7],
    [size - 7, 0],
  ] as const)
    for (let y = -1; y <= 7; y++)
      for (let x = -1; x <= 7; x++) {
        const ring = Math.max(Math.abs(y - 3), Math.abs(x - 3))
        put(top + y, left + x, ring !== 2 && ring !== 4)
      }
  const centres = alignments[version - 1] ?? []
  for (const y of centres)
    for (const x of centres) {
      const onFinder = at(y, x) !== undefined && (y === 6 || x === 6 ? y === x || y + x === size - 1 : false)
      if (onFinder) continue
      for (let dy = -2; dy <= 2; dy++)
        for (let dx = -2; dx <= 2; dx++) put(y + dy, x + dx, Math.max(Math.abs(dy), Math.abs(dx)) !== 1)
    }
}

/** Level M is 00; BCH (15, 5) over it and the mask (clause 7.9). */
export function formatBits(mask: number): number {
  let rest = mask << 10
  for (let bit = 14; bit >= 10; bit--) if ((rest >>> bit) & 1) rest ^= 0x537 << (bit - 10)
  return ((mask << 10) | rest) ^ 0x5412
}

function drawFormat(size: number, mask: number, put: Put): void {
  const bits = formatBits(mask)
  for (let bit = 0; bit < 15; bit++) {
    const dark = ((bits >>> bit) & 1) === 1
    if (bit < 6) put(bit, 8, dark)
    else if (bit < 8) put(bit + 1, 8, dark)
    else if (bit === 8) put(8, 7, dark)
    else put(8, 14 - bit, dark)
    if (bit < 8) put(8, size - 1 - bit, dark)
    else put(size - 15 + bit, 8, dark)
  }
  put(size - 8, 8, true)
}

/** BCH (18, 6) over the version (clause 7.10). */
function drawVersion(version: number, size: number, put: Put): void {
  let rest = version << 12
  for (let bit = 17; bit >= 12; bit--) if ((rest >>> bit) & 1) rest ^= 0x1f25 << (bit - 12)
  const bits = (version << 12) | rest
  for (let bit = 0; bit < 18; bit++) {
    const dark = ((bits >>> bit) & 1) === 1
    put(Math.floor(bit / 3), size - 11 + (bit % 3), dark)
    put(size - 11 + (bit % 3), Math.floor(bit / 3), dark)
  }
}

/** Two columns at a time from the right, up and down in turns, leaving out the vertical timing pattern. */
export function* path(size: number): Generator<readonly [y: number, x: number]> {
  let up = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step++) {
      const y = up ? size - 1 - step : step
      yield [y, right]
      yield [y, right - 1]
    }
    up = !up
  }
}

/** How hard a code is to read (clause 7.8.3); the mask with the least is taken. */
function penalty(matrix: Matrix): number {
  const columns = matrix.map((_, x) => matrix.map((row) => row[x] === true))
  const lines = [...matrix, ...columns]
  const runs = lines.reduce((sum, line) => sum + runPenalty(line), 0)
  const finders = lines.reduce((sum, line) => sum + finderPenalty(line), 0)
  let squares = 0
  for (let y = 1; y < matrix.length; y++)
    for (let x = 1; x < matrix.length; x++) {
      const dark = matrix[y]?.[x]
      if (dark === matrix[y]?.[x - 1] && dark === matrix[y - 1]?.[x] && dark === matrix[y - 1]?.[x - 1]) squares += 3
    }
  const dark = matrix.flat().filter(Boolean).length / matrix.length ** 2
  return runs + finders + squares + Math.floor(Math.abs(dark * 100 - 50) / 5) * 10
}

function runPenalty(line: readonly boolean[]): number {
  let sum = 0
  let length = 0
  for (const [at, dark] of line.entries()) {
    length = dark === line[at - 1] ? length + 1 : 1
    if (length === 5) sum += 3
    else if (length > 5) sum++
  }
  return sum
}

function finderPenalty(line: readonly boolean[]): number {
  const text = line.map((dark) => (dark ? '1' : '0')).join('')
  let sum = 0
  for (let at = 0; at + 11 <= text.length; at++) {
    const part = text.slice(at, at + 11)
    if (part === '10111010000' || part === '00001011101') sum += 40
  }
  return sum
}
