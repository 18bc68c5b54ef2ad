import { isMac, matchWay, parseKeys, pressOf, type Press } from '../ui/keys.ts'
import { type CommandId, type CommandTable, idsOf } from './command.ts'
import { readSetting } from '../base/setting.ts'

/** Milliseconds between two keys of one sequence. */
const patience = 1200

type Runner = (id: CommandId) => (() => void) | null
interface Way {
  id: CommandId
  way: Press[]
}

function waysOf(commands: CommandTable): Way[] {
  return idsOf(commands).flatMap((id) => parseKeys(commands[id].keys ?? '').map((way) => ({ id, way })))
}

const typing =
  'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]'
const floating = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]'
/** What has a use for Enter of its own. */
const pressable = 'a, button, summary, [role=button], [role=tab], [role=menuitem], [role=switch], [role=checkbox]'

/**
 * Listens to keys and runs commands. Unmodified keys rest while somebody types or something floats above the page.
 * @param runner how to run a command here and now, or null. @returns how to stop.
 */
export function startKeys(commands: CommandTable, runner: Runner): () => void {
  const ways = waysOf(commands)
  let pressed: Press[] = []
  let last = 0
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const press = pressOf(event, isMac)
    if (!press) return
    const target = event.target instanceof Element ? event.target : null
    if (!press.mod && rests(target, press)) return void (pressed = [])
    pressed = event.timeStamp - last < patience ? [...pressed, press] : [press]
    last = event.timeStamp
    const found = find(ways, pressed, runner) ?? (pressed.length > 1 ? find(ways, (pressed = [press]), runner) : null)
    if (found === null) pressed = []
    else {
      event.preventDefault()
      if (found === 'start') return
      pressed = []
      found()
    }
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}

function rests(target: Element | null, press: Press): boolean {
  if (!target) return false
  if (target.closest(typing) || target.closest(floating)) return true
  if ((press.key === 'enter' || press.key === ' ') && target.closest(pressable)) return true
  if (press.key.startsWith('arrow') && target.closest('[role=tablist], [role=radiogroup], [role=toolbar]')) return true
  return press.key.length === 1 && readSetting('single-keys') === 'off'
}

function find(ways: readonly Way[], pressed: readonly Press[], runner: Runner): (() => void) | 'start' | null {
  let started = false
  for (const { id, way } of ways) {
    const match = matchWay(way, pressed)
    if (match === null) continue
    const run = runner(id)
    if (run && match === 'whole') return run
    started ||= run !== null
  }
  return started ? 'start' : null
}
