import type { Mistake } from './mistake.ts'

const main = 'main/index.js'
const restart = { file: 'trouble.test.ts', test: 'starts the host again' }
const place = { file: 'life.test.ts', test: 'remembers where its window was' }
const maximised = { file: 'life.test.ts', test: 'maximised apart' }
const hung = { file: 'trouble.test.ts', test: 'ends a host that does not end' }

/** Mistakes in how the app starts, survives and ends. */
export const lifeMistakes: readonly Mistake[] = [
  {
    name: 'no-restart',
    where: main,
    find: 'this.#stopping === null && this.#mayStart(code)',
    put: 'false',
    ...restart,
  },
  { name: 'death-not-told', where: main, find: '{ steward: "gone" }', put: '{ steward: "nothing" }', ...restart },
  {
    name: 'no-instance-lock',
    where: main,
    find: 'app.requestSingleInstanceLock()',
    put: 'true',
    file: 'life.test.ts',
    test: 'hands a second start',
  },
  {
    name: 'link-ignored',
    where: main,
    find: 'linkAmong(args)',
    put: 'null',
    file: 'life.test.ts',
    test: 'hands a second start',
  },
  {
    name: 'host-left-to-die',
    where: main,
    find: 'app.on("will-quit"',
    put: 'app.on("quit-not"',
    file: 'life.test.ts',
    test: 'ends in order',
  },
  {
    name: 'window-off-screen',
    where: main,
    find: 'bounds: onScreen(state.bounds)',
    put: 'bounds: state.bounds',
    ...place,
  },
  { name: 'place-forgotten', where: main, find: 'states.follow(key, window)', put: 'void 0', ...maximised },
  {
    name: 'environment-passed-on',
    where: main,
    find: 'env: hostEnv(process.env)',
    put: 'env: process.env',
    file: 'life.test.ts',
    test: 'nothing that would steer it',
  },
  {
    name: 'early-link-lost',
    where: main,
    find: 'else firstPath = path',
    put: 'else void path',
    file: 'life.test.ts',
    test: 'before the app was ready',
  },
  { name: 'maximised-forgotten', where: main, find: 'window.isMaximized()', put: 'false', ...maximised },
  { name: 'maximised-ignored', where: main, find: 'state?.maximized', put: 'false', ...maximised },
  { name: 'hung-host-left', where: main, find: 'setTimeout(() => end(child)', put: 'setTimeout(() => {}', ...hung },
  {
    name: 'second-quit-escapes',
    where: main,
    find: 'if (this.#hostStopped) return',
    put: 'if (this.#hostStopped || this.#quitting) return',
    ...hung,
  },
  {
    name: 'hang-unasked',
    where: main,
    find: '"unresponsive"',
    put: '"responsive"',
    file: 'trouble.test.ts',
    test: 'a page that hangs',
  },
  {
    name: 'page-left-crashed',
    where: main,
    find: '"render-process-gone"',
    put: '"render-process-there"',
    file: 'trouble.test.ts',
    test: 'a page again that has crashed',
  },
  {
    name: 'page-loaded-for-ever',
    where: main,
    find: 'crashes.length <= ',
    put: '0 <= ',
    file: 'trouble.test.ts',
    test: 'a page that crashes again and again',
  },
  {
    name: 'host-started-for-ever',
    where: main,
    find: 'this.#crashes.length <= ',
    put: '0 <= ',
    file: 'trouble.test.ts',
    test: 'shows a recovery window',
  },
  {
    name: 'servers-forgotten',
    where: main,
    find: 'for (const window of consoleWindows()) tell(window.webContents, { steward: "gone" });\n\t\tif',
    put: 'if',
    file: 'trouble.test.ts',
    test: 'shows a recovery window',
  },
  {
    name: 'thread-in-archive',
    where: 'host/server.js',
    find: '"/app.asar.unpacked/"',
    put: '"/app.asar/"',
    file: 'shipping.test.ts',
    test: 'beside the archive',
  },
  {
    name: 'stream-not-resumed',
    where: 'console/steward-desktop.js',
    find: 'new Headers(init.headers ?? request?.headers);',
    put: 'new Headers(init.headers ?? request?.headers); headers.delete("last-event-id");',
    file: 'trouble.test.ts',
    test: 'goes on with a stream',
  },
]
