import { closeSync, cpSync, existsSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface Entry {
  files?: Record<string, Entry>
  offset?: string
  size?: number
  unpacked?: boolean
  link?: string
}

export interface Extracted {
  names: string[]
  /** Those that lie beside the archive. */
  unpacked: string[]
}

/**
 * Takes an archive of Electron's apart (electron/asar, "Format"): a header in JSON behind four lengths of 32 bits, then
 * the files one after another. What lies unpacked beside it is put in its place.
 */
export function extractAsar(archive: string, target: string): Extracted {
  const descriptor = openSync(archive, 'r')
  const names: string[] = []
  const unpacked: string[] = []
  try {
    const lengths = read(descriptor, 0, 16)
    const header = JSON.parse(read(descriptor, 16, lengths.readUInt32LE(12)).toString('utf8')) as Entry
    const start = 8 + lengths.readUInt32LE(4)
    const walk = (entry: Entry, path: string): void => {
      for (const [name, inner] of Object.entries(entry.files ?? {})) {
        const place = join(path, name)
        if (inner.files) walk(inner, place)
        else if (!inner.unpacked && inner.link === undefined) {
          const file = join(target, place)
          mkdirSync(dirname(file), { recursive: true })
          writeFileSync(file, read(descriptor, start + Number(inner.offset), inner.size ?? 0))
        }
        if (!inner.files) names.push(place)
        if (inner.unpacked) unpacked.push(place)
      }
    }
    walk(header, '')
  } finally {
    closeSync(descriptor)
  }
  const beside = `${archive}.unpacked`
  if (existsSync(beside)) cpSync(beside, target, { recursive: true })
  return { names: names.toSorted(), unpacked }
}

function read(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  if (readSync(descriptor, bytes, 0, length, position) !== length) throw new Error('The archive is cut short.')
  return bytes
}
