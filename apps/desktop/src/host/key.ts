import { keyFileName } from '@steward/api/server'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** The key that opens the sealed secrets is not there or cannot be read. */
export class KeyProblem extends Error {
  override readonly name = 'KeyProblem'
}

/**
 * The secret all other keys are derived from; made where nothing was sealed yet.
 * @param isNew whether the database is still without people.
 * @throws KeyProblem when the file is damaged, or gone although the data was used with one.
 */
export function takeKey(folder: string, isNew: boolean): Uint8Array {
  const file = join(folder, keyFileName)
  if (!existsSync(file)) {
    if (!isNew)
      throw new KeyProblem(
        `The key file ${file} is missing. Put its copy back: without it secrets of bots cannot be opened.`,
      )
    makeKeyFile(file)
  }
  return readKey(file)
}

export function wrongKey(folder: string): KeyProblem {
  return new KeyProblem(
    `The key file ${join(folder, keyFileName)} is not the one this data was used with. Put the right one in its place.`,
  )
}

/** @throws KeyProblem */
export function readKey(file: string): Uint8Array {
  const text = readFileSync(file, 'utf8').trim()
  if (!/^([0-9a-f]{2}){32,}$/i.test(text)) throw new KeyProblem(`The key file ${file} is damaged. Put its copy back.`)
  return new Uint8Array(Buffer.from(text, 'hex'))
}

/** The file appears whole or not at all. */
function makeKeyFile(file: string): void {
  const draft = `${file}.${process.pid}`
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeSync(descriptor, `${randomBytes(32).toString('hex')}\n`)
    fsyncSync(descriptor)
    linkSync(draft, file)
  } finally {
    closeSync(descriptor)
    rmSync(draft, { force: true })
  }
}
