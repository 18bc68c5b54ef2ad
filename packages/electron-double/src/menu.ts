import type { MenuItemConstructorOptions } from 'electron'
import { unwritten } from './env.ts'
import { DoubleWindow } from './window.ts'
import { app } from './app.ts'

const roles: Record<string, () => void> = {
  quit: () => app.quit(),
  close: () => DoubleWindow.getFocusedWindow()?.close(),
  reload: () => DoubleWindow.getFocusedWindow()?.webContents.reload(),
}
/** Roles that the system fills; clicking them is not written. */
const known = new Set([
  'editMenu',
  'windowMenu',
  'help',
  'resetZoom',
  'zoomIn',
  'zoomOut',
  'togglefullscreen',
  'toggleDevTools',
])

export class DoubleMenuItem {
  readonly id: string
  readonly label: string
  readonly accelerator: string | undefined
  readonly submenu: DoubleMenu | null
  readonly #template: MenuItemConstructorOptions

  constructor(template: MenuItemConstructorOptions) {
    const { id, label, role, submenu, accelerator } = template
    if (role !== undefined && !(role in roles) && !known.has(role)) unwritten(`Menu role "${role}"`)
    if (accelerator !== undefined && !/^((CmdOrCtrl|Ctrl|Shift|Alt)\+)*[^+]+$/.test(accelerator))
      throw new Error(`"${accelerator}" is no accelerator.`)
    this.#template = template
    this.id = id ?? ''
    this.label = label ?? role ?? ''
    this.accelerator = accelerator
    this.submenu = Array.isArray(submenu) ? new DoubleMenu(submenu) : null
  }

  click(): void {
    const { click, role } = this.#template
    if (click) click(this as never, DoubleWindow.getFocusedWindow() as never, {})
    else if (role !== undefined) (roles[role] ?? (() => unwritten(`clicking "${role}"`)))()
  }
}

export class DoubleMenu {
  static #application: DoubleMenu | null = null
  readonly items: DoubleMenuItem[]

  constructor(template: MenuItemConstructorOptions[] = []) {
    this.items = template.map((item) => new DoubleMenuItem(item))
  }

  static buildFromTemplate(template: MenuItemConstructorOptions[]): DoubleMenu {
    return new DoubleMenu(template)
  }

  static setApplicationMenu(menu: DoubleMenu | null): void {
    DoubleMenu.#application = menu
  }

  static getApplicationMenu(): DoubleMenu | null {
    return DoubleMenu.#application
  }

  getMenuItemById(id: string): DoubleMenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}
