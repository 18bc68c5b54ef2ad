import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { launchApp } from './app.ts'
import { answerTests } from './control.ts'

// Electron is ready only once main's module has run: what it does before then is what must happen before.
answerTests()
await import(pathToFileURL(resolve(process.argv[2] ?? '')).href)
launchApp()
