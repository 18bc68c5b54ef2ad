import { runCommand } from './commands/program.ts'
import { orExplain } from './serve.ts'

const args = process.argv.slice(2)
await orExplain(() => runCommand(args), args.includes('--json'))
