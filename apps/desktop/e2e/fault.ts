import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text of the built app and what is put in its place. */
export interface Fault {
  /** A file of the app, or a folder where the bundler names the files: then one of them holds the text. */
  where: string
  find: string
  put: string
}

/** Seeds the fault in the app built in `dist`. @throws Error unless exactly one file holds the text. */
export function seedFault(dist: string, { where, find, put }: Fault): void {
  const path = join(dist, where)
  const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path]
  const [file, ...others] = files.filter((name) => readFileSync(name, 'utf8').includes(find))
  if (file === undefined || others.length > 0)
    throw new Error(`The fault is out of date: ${file ? 'several files hold' : 'nothing holds'} ${find} in ${where}.`)
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(find, () => put),
  )
}
