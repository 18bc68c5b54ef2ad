import { useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/kbd.tsx'
import { Switch } from '../ui/checkbox.tsx'
import { readSetting, writeSetting } from '../setting.ts'
import { commandIds, commands } from './table.ts'

/** The `?` sheet: every shortcut of the table. */
export default function KeySheet({ onClose }: { onClose: () => void }) {
  const [single, setSingle] = useState(() => readSetting('single-keys') !== 'off')
  const groups = Map.groupBy(
    commandIds.filter((id) => commands[id].keys),
    (id) => commands[id].group,
  )
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Keyboard shortcuts" size="wide">
      <div className="columns-1 gap-x-10 sm:columns-2">
        {[...groups].map(([group, ids]) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-medium text-n10">{group}</h3>
            <ul>
              {ids.map((id) => (
                <li key={id} className="flex min-h-7 items-center justify-between gap-4">
                  {commands[id].title}
                  <Keys keys={commands[id].keys ?? ''} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <div className="mt-2 flex items-center justify-between gap-4 border-t border-n5 pt-4">
        <label htmlFor="single-keys">
          Shortcuts of a single key
          <span className="block text-sm text-n10">Turn them off if speech or a switch types for you.</span>
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
