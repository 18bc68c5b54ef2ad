import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Writes a file of the double, and what it imports of it, as plain JavaScript. To read TypeScript Node loads a compiler
 * of 17 MB, which would pass for memory of the app's own.
 * @returns the written file's URL; it is there as long as this process.
 */
export function writePlain(entry: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-double-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const names = [entry]
  for (const name of names) {
    const code = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, `${name}.ts`), 'utf8'))
    const plain = code.replaceAll(/'\.\/([\w-]+)\.ts'/g, (_whole, imported: string) => {
      if (!names.includes(imported)) names.push(imported)
      return `'./${imported}.mjs'`
    })
    writeFileSync(join(folder, `${name}.mjs`), plain)
  }
  return pathToFileURL(join(folder, `${entry}.mjs`)).href
}
