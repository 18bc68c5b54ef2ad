/** A mistake in the built app, and the part of the spec that must notice it. */
export interface Mistake {
  name: string
  where: string
  find: string
  put: string
  file: string
  /** Part of the test's name. */
  test: string
}

const main = 'main/index.js'
const preload = 'preload/index.cjs'
const row = { file: 'page.test.ts', test: 'a row on the disk' }
const rights = { file: 'page.test.ts', test: 'no more rights' }
const policy = { file: 'page.test.ts', test: 'no inline script' }
const folder = { file: 'page.test.ts', test: 'nothing outside its folder' }
const outside = { file: 'page.test.ts', test: 'https only' }
const token = { file: 'remote.test.ts', test: 'sealed on the disk' }
const remote = { file: 'remote.test.ts', test: 'works like this computer' }
const restart = { file: 'trouble.test.ts', test: 'starts the host again' }
const recovery = { file: 'data.test.ts', test: 'keeps a copy before an update' }
const place = { file: 'life.test.ts', test: 'remembers where its window was' }
const maximised = { file: 'life.test.ts', test: 'maximised apart' }
const guards = { file: 'page.test.ts', test: 'guards that no redirect' }
const hung = { file: 'trouble.test.ts', test: 'ends a host that does not end' }

export const mistakes: readonly Mistake[] = [
  {
    name: 'preload-as-module',
    where: preload,
    find: 'let electron = require("electron")',
    put: 'import electron from "electron"',
    ...row,
  },
  {
    name: 'preload-reads-files',
    where: preload,
    find: 'let electron = require("electron")',
    put: 'require("node:fs"); let electron = require("electron")',
    ...row,
  },
  { name: 'sandbox-off', where: main, find: 'sandbox: true', put: 'sandbox: false', ...row },
  { name: 'isolation-off', where: main, find: 'contextIsolation: true', put: 'contextIsolation: false', ...row },
  {
    name: 'preload-in-frames',
    where: main,
    find: 'nodeIntegrationInSubFrames: false',
    put: 'nodeIntegrationInSubFrames: true',
    ...rights,
  },
  {
    name: 'policy-dropped',
    where: main,
    find: '"content-security-policy": policy',
    put: '"x-policy": policy',
    ...policy,
  },
  {
    name: 'policy-loosened',
    where: main,
    find: `"script-src 'self'"`,
    put: `"script-src 'self' 'unsafe-inline' 'unsafe-eval'"`,
    ...policy,
  },
  { name: 'network-allowed', where: main, find: `"connect-src 'self'"`, put: `"connect-src *"`, ...policy },
  { name: 'windows-may-open', where: main, find: 'action: "deny"', put: 'action: "allow"', ...outside },
  {
    name: 'no-navigation-guard',
    where: main,
    find: 'contents.on("will-navigate"',
    put: 'contents.on("did-navigate"',
    ...outside,
  },
  { name: 'any-scheme-outside', where: main, find: 'url?.protocol === "https:" || loopback', put: 'url', ...outside },
  { name: 'no-traversal-guard', where: main, find: 'inside.startsWith("..")', put: 'false', ...folder },
  { name: 'no-routes', where: main, find: 'extname(file) === ""', put: 'false', ...folder },
  {
    name: 'token-in-clear',
    where: main,
    find: 'token: remember ? await seal(token) : null',
    put: 'token: remember ? btoa(token) : null',
    ...token,
  },
  {
    name: 'token-forgotten',
    where: main,
    find: 'token: remember ? await seal(token) : null',
    put: 'token: null',
    ...token,
  },
  {
    name: 'token-in-page',
    where: main,
    find: 'url: address,',
    put: 'url: address + "?token=" + given.token,',
    ...remote,
  },
  { name: 'headers-passed-on', where: 'host/index.js', find: 'kept.has(key)', put: 'true', ...remote },
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
    name: 'scheme-too-late',
    where: main,
    find: '\nannounceScheme();',
    put: '\napp.whenReady().then(announceScheme);',
    ...row,
  },
  {
    name: 'unwritten-api',
    where: main,
    find: '\nannounceScheme();',
    put: '\nannounceScheme();\napp.setLoginItemSettings({ openAtLogin: true });',
    ...row,
  },
  {
    name: 'no-sender-check',
    where: main,
    find: 'connectionId === null || !isOurs',
    put: 'connectionId === null',
    file: 'strangers.test.ts',
    test: 'led to them',
  },
  {
    name: 'no-window-check',
    where: main,
    find: 'connectionId === null || !isOurs',
    put: '!isOurs',
    file: 'strangers.test.ts',
    test: 'neither a frame',
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
    name: 'port-over-the-bridge',
    where: preload,
    find: 'tell({ steward: "port" }, [...ports])',
    put: 'electron.contextBridge.exposeInMainWorld("stewardPort", { port: ports[0] })',
    file: 'page.test.ts',
    test: 'never through the bridge',
  },
  {
    name: 'newer-data-ignored',
    where: main,
    find: 'if (refusal) return this.#fail(refusal)',
    put: 'if (refusal) return',
    ...recovery,
  },
  {
    name: 'windows-stay',
    where: main,
    find: 'connectionIdOf(window.webContents) === "local") window.close()',
    put: 'connectionIdOf(window.webContents) === "never") window.close()',
    ...recovery,
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
    name: 'weak-keyring-hidden',
    where: main,
    find: '=== "basic_text"',
    put: '=== "never"',
    file: 'remote.test.ts',
    test: 'says plainly',
  },
  {
    name: 'backup-without-key',
    where: 'host/backup.js',
    find: 'copyPrivate(key, join(target, keyFileName))',
    put: 'void 0',
    file: 'data.test.ts',
    test: 'copy the data',
  },
  {
    name: 'phones-home',
    where: main,
    find: '\nannounceScheme();',
    put: '\nannounceScheme();\nfetch("http://192.0.2.1/").catch(() => {});',
    file: 'page.test.ts',
    test: 'a page',
  },
  {
    name: 'opens-a-door',
    where: main,
    find: '\nannounceScheme();',
    put: '\nannounceScheme();\nimport("node:http").then(({ createServer }) => createServer().on("error", () => {}).listen(0));',
    file: 'page.test.ts',
    test: 'a page',
  },
  {
    name: 'rights-granted',
    where: main,
    find: '=> allowed.has(permission)',
    put: '=> true',
    file: 'page.test.ts',
    test: 'every other right',
  },
  { name: 'redirects-unguarded', where: main, find: '"will-redirect"', put: '"did-redirect"', ...guards },
  { name: 'frames-unguarded', where: main, find: '!event.isMainFrame', put: 'false', ...guards },
  {
    name: 'caches-among-data',
    where: main,
    find: 'join(app.getPath("userData"), "session")',
    put: 'app.getPath("userData")',
    file: 'page.test.ts',
    test: 'apart from the data',
  },
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
    name: 'recovery-outdated',
    where: main,
    find: 'open.webContents.reload();',
    put: '',
    file: 'data.test.ts',
    test: 'says what is wrong',
  },
  {
    name: 'no-copy-before-an-update',
    where: 'host/house.js',
    find: 'backupFolder: join(folder, ',
    put: 'noFolder: join(folder, ',
    ...recovery,
  },
  { name: 'copies-not-offered', where: main, find: '/^main-before-migration-', put: '/^other-', ...recovery },
  {
    name: 'servers-forgotten',
    where: main,
    find: 'for (const window of consoleWindows()) tell(window.webContents, { steward: "gone" });\n\t\tif',
    put: 'if',
    file: 'trouble.test.ts',
    test: 'shows a recovery window',
  },
  {
    name: 'stream-not-resumed',
    where: 'console/steward-desktop.js',
    find: 'new Headers(init.headers ?? request?.headers);',
    put: 'new Headers(init.headers ?? request?.headers); headers.delete("last-event-id");',
    file: 'trouble.test.ts',
    test: 'goes on with a stream',
  },
  {
    name: 'never-sealed-anew',
    where: main,
    find: 'if (shouldReEncrypt)',
    put: 'if (false)',
    ...token,
  },
]
