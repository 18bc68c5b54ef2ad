// Writes which REST operation each procedure answers, for "copy as": node packages/console/scripts/print-procedures.ts
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { printProcedures } from './procedures.ts'

writeFileSync(fileURLToPath(new URL('../src/page/copy-as/procedures.json', import.meta.url)), printProcedures())
