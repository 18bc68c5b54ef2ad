import { X } from 'lucide-react'
import { Toast as Primitive } from 'radix-ui'
import { useSyncExternalStore } from 'react'
import { State } from './badge.tsx'
import { Button } from './button.tsx'
import { ErrorMark } from './error-state.tsx'
import { dismiss, shownToasts, subscribe } from './toast.ts'

/** Where toasts appear; F8 goes there. */
export function Toaster() {
  const items = useSyncExternalStore(subscribe, shownToasts)
  return (
    <Primitive.Provider swipeDirection="right" duration={6000} label="Notification">
      {items.map(({ id, title, detail, tone, undo, failure, retry }) => (
        <Primitive.Root
          key={id}
          duration={undo ? 12_000 : tone === 'bad' ? 15_000 : 6000}
          type={tone === 'bad' ? 'foreground' : 'background'}
          onOpenChange={(open) => !open && dismiss(id)}
          className="flex animate-appear items-start gap-2 rounded-lg border border-n6 bg-raised py-2 pr-2 pl-3 shadow-float"
        >
          <div className="min-w-0 flex-1 py-1">
            <Primitive.Title className="flex items-start gap-2 font-medium">
              {tone && tone !== 'good' && <State tone={tone}>{tone === 'bad' ? 'Failed' : 'Note'}</State>}
              <span className="min-w-0 break-words">{title}</span>
            </Primitive.Title>
            {detail && <Primitive.Description className="text-sm text-n11">{detail}</Primitive.Description>}
            {failure && <ErrorMark failure={failure} className="mt-0.5 text-n10" />}
          </div>
          {undo && (
            <Primitive.Action asChild altText="Undo">
              <Button size="small" onClick={undo}>
                Undo
              </Button>
            </Primitive.Action>
          )}
          {retry && (
            <Primitive.Action asChild altText="Try again">
              <Button size="small" onClick={retry}>
                Try again
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
