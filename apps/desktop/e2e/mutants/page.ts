import type { Mutant } from './mutant.ts'

const main = 'main/index.js'
const preload = 'preload/index.cjs'
const row = { file: 'page.test.ts', test: 'a row on the disk' }
const rights = { file: 'page.test.ts', test: 'no more rights' }
const policy = { file: 'page.test.ts', test: 'no inline script' }
const folder = { file: 'page.test.ts', test: 'nothing outside its folder' }
const outside = { file: 'page.test.ts', test: 'https only' }
const guards = { file: 'page.test.ts', test: 'guards that no redirect' }

/** Mutants in what a page may do and see. */
export const pageMutants: readonly Mutant[] = [
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
    name: 'port-over-the-bridge',
    where: preload,
    find: 'tell({ steward: "port" }, [...ports])',
    put: 'electron.contextBridge.exposeInMainWorld("stewardPort", { port: ports[0] })',
    file: 'page.test.ts',
    test: 'never through the bridge',
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
]
