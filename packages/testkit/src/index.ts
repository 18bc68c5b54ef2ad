export { testClock, type TestClock } from './clock.ts'
export * from './rows.ts'
