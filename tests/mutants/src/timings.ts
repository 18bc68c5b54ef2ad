import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** In the copy: how many milliseconds each test file took without any fault. */
export const timingsFile = fileURLToPath(new URL('../timings.txt', import.meta.url))

/** Quick files first: most mutants are seen by several, and the first one ends the run. */
export class QuickFirst {
  shard<File>(files: File[]): File[] {
    return files
  }

  sort<File extends { moduleId: string }>(files: File[]): File[] {
    const lines = existsSync(timingsFile) ? readFileSync(timingsFile, 'utf8').trim().split('\n') : []
    const timings = new Map(lines.map((line) => line.split('\t') as [string, string]))
    const timeOf = ({ moduleId }: File): number => Number(timings.get(moduleId) ?? 0)
    return files.toSorted((a, b) => timeOf(a) - timeOf(b))
  }
}
