// The double of the `electron` module in a utility process: Electron gives it little more than this.
export { net } from './net.ts'
