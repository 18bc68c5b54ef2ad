import { useRouter } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { Dialog } from 'radix-ui'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useFocusReturn } from '../ui/focus-return.ts'
import { shortId } from '../ui/ids.ts'
import { Keys } from '../ui/kbd.tsx'
import { useCommandTable } from './command-center.tsx'
import type { SearchSource } from './feature.ts'
import { type Entry, groupsFor } from './palette-groups.ts'
import { type SearchResult, useSearchResults } from './search-results.ts'
import { type Recent, readRecent, remember } from './recent.ts'
import { type CommandId, type CommandTable, idsOf } from './command.ts'
import type { Typed } from './type-ahead.ts'

interface Props {
  onClose: () => void
  /** Gives what was typed before the palette could take it. */
  typedAhead: () => Typed
}

interface CommandEntry extends Entry {
  kind: 'command'
  id: CommandId
}

/** Search and commands in one: what was chosen last, then everything that can be done here, and results by name. */
export default function Palette({ onClose, typedAhead }: Props) {
  const { commands, sources, runner } = useCommandTable()
  const router = useRouter()
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const [recent] = useState(() => readRecent(kindsOf(sources)))
  const returnFocus = useFocusReturn()
  const takeOver = (event: Event): void => {
    event.preventDefault()
    field.current?.focus()
    const typed = typedAhead()
    // Before the next key, which the field takes itself.
    queueMicrotask(() => flushSync(() => setText(typed.text)))
    if (!typed.enter) return
    // Once what it was meant for stands there.
    setTimeout(() => field.current?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })))
  }
  const { results, searching } = useSearchResults(sources, text, recent)
  const offered = idsOf(commands)
    .filter((id) => !commands[id].quiet && runner(id) !== null)
    .map((id) => commandEntry(commands, id))
  const groups = groupsFor<CommandEntry | SearchResult>(text, [...offered, ...results], recent)
  const choose = (entry: CommandEntry | SearchResult): void => {
    onClose()
    const kept = 'source' in entry ? !entry.source.unkept && entry.recent : recentOf(commands, entry.id)
    if (kept) remember(kept, kindsOf(sources))
    if ('source' in entry) void router.navigate(entry.to)
    // After the dialog has given the focus back.
    else setTimeout(() => runner(entry.id)?.())
  }
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={takeOver}
          onCloseAutoFocus={returnFocus}
          className="fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 animate-appear overflow-hidden rounded-lg border border-n6 bg-raised shadow-float"
        >
          <Dialog.Title className="sr-only">Search and run commands</Dialog.Title>
          <Command
            loop
            shouldFilter={false}
            // Ctrl+K closes the palette; it is no "up".
            vimBindings={false}
            label="Search and run commands"
            className="flex max-h-[min(30rem,72vh)] flex-col"
          >
            <Command.Input
              ref={field}
              value={text}
              onValueChange={setText}
              placeholder="Find bots, people and workspaces, or type a command"
              className="h-12 w-full shrink-0 border-b border-n5 bg-transparent px-4 text-lg outline-none"
            />
            <Command.List className="pane min-h-0 flex-1 p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-n10">
                {searching ? 'Looking…' : 'No results.'}
              </Command.Empty>
              {groups.map(({ heading, entries }) => (
                <Command.Group
                  key={heading}
                  heading={heading}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-n10"
                >
                  {entries.map((entry) => (
                    <Command.Item
                      key={entry.id}
                      value={`${entry.kind} ${entry.id}`}
                      onSelect={() => choose(entry)}
                      className="flex min-h-8 items-center gap-3 rounded-sm px-2.5 data-[selected=true]:bg-n3"
                    >
                      {'source' in entry ? <ResultLine result={entry} /> : <CommandLine id={entry.id} />}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function commandEntry(commands: CommandTable, id: CommandId): CommandEntry {
  const { title, group, words } = commands[id]
  return { kind: 'command', id, heading: group, names: [title, words ?? ''] }
}

function recentOf(commands: CommandTable, id: CommandId): Recent {
  return { kind: 'command', id, name: commands[id].title, workspaceId: null }
}

function CommandLine({ id }: { id: CommandId }) {
  const { commands } = useCommandTable()
  const { title, keys } = commands[id]
  return (
    <>
      {title}
      {keys && <Keys keys={keys} className="ml-auto" />}
    </>
  )
}

const kindsOf = (sources: readonly SearchSource[]): string[] => ['command', ...sources.map(({ kind }) => kind)]

function ResultLine({ result: { source, id, name, about } }: { result: SearchResult }) {
  return (
    <>
      <span className="min-w-0 truncate">{name}</span>
      {about && about !== name && <span className="min-w-0 shrink-[2] truncate text-n10">{about}</span>}
      <span className="ml-auto flex shrink-0 gap-2 pl-3 text-xs text-n10">
        {source.noun[0]}
        {!source.unkept && <span className="font-mono">{shortId(id)}</span>}
      </span>
    </>
  )
}
