import { configOfProcess } from './config.ts'
import { orExplain, serve } from './serve.ts'

// `npm start`: the same as `steward serve`, without the command line in between.
await orExplain(async () => serve(configOfProcess()))
