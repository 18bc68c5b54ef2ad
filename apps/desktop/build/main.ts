// `node apps/desktop/build/main.ts`: builds the desktop app into apps/desktop/dist/app, with the console's own build.
import { join } from 'node:path'
import { buildDesktop } from './build.ts'

await buildDesktop({ out: join(import.meta.dirname, '..', 'dist', 'app') })
