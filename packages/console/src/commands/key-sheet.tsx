import { useState } from 'react'
import { readSetting, writeSetting } from '../base/setting.ts'
import { Switch } from '../ui/checkbox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Input } from '../ui/input.tsx'
import { Keys } from '../ui/kbd.tsx'
import { rank } from './rank.ts'
import { type CommandId, idsOf } from './command.ts'
import { useCommandTable } from './command-center.tsx'

/** The `?` sheet: every command of the table, with its keys where it has some. The rest is run from the palette. */
export default function KeySheet({ onClose }: { onClose: () => void }) {
  const { commands } = useCommandTable()
  const [single, setSingle] = useState(() => readSetting('single-keys') !== 'off')
  const [typed, setTyped] = useState('')
  const found = idsOf(commands).filter((id) => rank(typed, [commands[id].title, commands[id].words ?? '']) > 0)
  const groups = [...Map.groupBy(found, (id) => commands[id].group)]
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Keyboard shortcuts"
      description={
        <>
          Commands without a shortcut can be run from the palette: <Keys keys={commands['palette.open'].keys ?? ''} />
        </>
      }
      size="wide"
    >
      <Input
        type="search"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        placeholder="Find a command"
        aria-label="Find a command"
        className="mb-4"
      />
      <div className="columns-1 gap-x-10 sm:columns-2">
        {groups.map(([group, ids]) => (
          <Group key={group} name={group} ids={ids} />
        ))}
      </div>
      {groups.length === 0 && <p className="py-6 text-center text-n10">No matching command.</p>}
      <div className="mt-2 flex items-center justify-between gap-4 border-t border-n5 pt-4">
        <label htmlFor="single-keys">
          Single-key shortcuts
          <span className="block text-sm text-n10">Turn them off if you use voice input or a switch device.</span>
        </label>
        <Switch
          id="single-keys"
          checked={single}
          onCheckedChange={(on) => {
            setSingle(on)
            writeSetting('single-keys', on ? null : 'off')
          }}
        />
      </div>
    </Dialog>
  )
}

function Group({ name, ids }: { name: string; ids: readonly CommandId[] }) {
  const { commands } = useCommandTable()
  const [bound, free] = [ids.filter((id) => commands[id].keys), ids.filter((id) => !commands[id].keys)]
  return (
    <section className="mb-5 break-inside-avoid">
      <h3 className="mb-1 text-xs font-medium text-n10">{name}</h3>
      <ul>
        {[...bound, ...free].map((id) => (
          <li key={id} className="flex min-h-7 items-center justify-between gap-4">
            <span className={commands[id].keys ? '' : 'text-n11'}>{commands[id].title}</span>
            {commands[id].keys && <Ways keys={commands[id].keys} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** All ways to press it. */
function Ways({ keys }: { keys: string }) {
  return (
    <span className="flex shrink-0 items-center gap-1.5 text-xs text-n10">
      {keys.split('|').map((way, index) => (
        <span key={way} className="flex items-center gap-1.5">
          {index > 0 && 'or'}
          <Keys keys={way} />
        </span>
      ))}
    </span>
  )
}
