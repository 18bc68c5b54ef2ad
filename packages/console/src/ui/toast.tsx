import { X } from 'lucide-react'
import { Toast as Primitive } from 'radix-ui'
import { useSyncExternalStore } from 'react'
import { Button } from './button.tsx'
import { State, type Tone } from './badge.tsx'

export interface ToastOptions {
  title: string
  detail?: string | undefined
  tone?: Extract<Tone, 'good' | 'warn' | 'bad' | 'info'>
  /** Takes back what was done. Stays for twelve seconds then, longer while pointed at. */
  undo?: () => void | undefined
}

interface Shown extends ToastOptions {
  id: number
}

let shown: readonly Shown[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly Shown[]): void {
  shown = next
  for (const listener of listeners) listener()
}

/** Says what happened, from anywhere: `toast({ title: 'Key revoked', undo })`. */
export function toast(options: ToastOptions): void {
  set([...shown.slice(-3), { ...options, id: ++lastId }])
}

const dismiss = (id: number): void => set(shown.filter((item) => item.id !== id))

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where toasts appear; F8 goes there. */
export function Toaster() {
  const items = useSyncExternalStore(subscribe, () => shown)
  return (
    <Primitive.Provider swipeDirection="right" duration={6000} label="Notification">
      {items.map(({ id, title, detail, tone, undo }) => (
        <Primitive.Root
          key={id}
          duration={undo ? 12_000 : tone === 'bad' ? 15_000 : 6000}
          type={tone === 'bad' ? 'foreground' : 'background'}
          onOpenChange={(open) => !open && dismiss(id)}
          className="flex animate-appear items-center gap-3 rounded-lg border border-n6 bg-raised py-2 pr-2 pl-3 shadow-float"
        >
          <div className="min-w-0 flex-1">
            <Primitive.Title className="flex items-center gap-2 font-medium">
              {tone && tone !== 'good' && <State tone={tone}>{tone === 'bad' ? 'Failed' : 'Note'}</State>}
              <span className="min-w-0 break-words">{title}</span>
            </Primitive.Title>
            {detail && <Primitive.Description className="text-sm text-n11">{detail}</Primitive.Description>}
          </div>
          {undo && (
            <Primitive.Action asChild altText="Undo">
              <Button size="small" onClick={undo}>
                Undo
              </Button>
            </Primitive.Action>
          )}
          <Primitive.Close asChild>
            <Button look="ghost" size="smallIcon" aria-label="Dismiss">
              <X aria-hidden />
            </Button>
          </Primitive.Close>
        </Primitive.Root>
      ))}
      <Primitive.Viewport className="fixed right-4 bottom-4 z-70 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none" />
    </Primitive.Provider>
  )
}
