import { contextBridge, ipcRenderer } from 'electron'
import { channels, connectionSwitch, type Shell, type ToPage } from '../shared/bridge.ts'

const told = process.argv.find((argument) => argument.startsWith(connectionSwitch))?.slice(connectionSwitch.length)
const connection = JSON.parse(decodeURIComponent(told ?? '')) as Shell['connection']

const tell = (message: ToPage, ports: Transferable[] = []): void => window.postMessage(message, '*', ports)

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

// Arguments are made into what they should be; neither ipcRenderer nor its events reach the page.
const shell: Shell = {
  connection,
  connect: () => ipcRenderer.invoke(channels.connect),
  backUp: () => ipcRenderer.invoke(channels.backUp),
  restore: () => ipcRenderer.invoke(channels.restore),
  listConnections: () => ipcRenderer.invoke(channels.listConnections),
  addConnection: ({ name, url, token, remember }) =>
    ipcRenderer.invoke(channels.addConnection, {
      name: text(name),
      url: text(url),
      token: text(token),
      remember: remember,
    }),
  removeConnection: (id) => ipcRenderer.invoke(channels.removeConnection, text(id)),
  openConnection: (id) => ipcRenderer.invoke(channels.openConnection, text(id)),
  recovery: () => ipcRenderer.invoke(channels.recovery),
  recover: (choice) => ipcRenderer.invoke(channels.recover, choice),
}

contextBridge.exposeInMainWorld('stewardShell', shell)
// A port cannot cross the bridge; a window message carries it (electron#27024).
ipcRenderer.on(channels.port, ({ ports }) => tell({ steward: 'port' }, [...ports]))
ipcRenderer.on(channels.tell, (_event, message: ToPage) => tell(message))
