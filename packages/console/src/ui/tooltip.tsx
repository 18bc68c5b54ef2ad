import { Tooltip as Primitive } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { Keys } from './kbd.tsx'

export function TooltipProvider({ children }: { children: ReactNode }) {
  return <Primitive.Provider delayDuration={350}>{children}</Primitive.Provider>
}

interface TooltipProps {
  /** Says more, never the only place where something is said. */
  text: ReactNode
  keys?: string | undefined
  side?: 'top' | 'right' | 'bottom' | 'left' | undefined
  children: ReactElement
}

export function Tooltip({ text, keys, side = 'top', children }: TooltipProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-60 flex max-w-80 animate-fade items-center gap-2 rounded-sm bg-n12 px-2 py-1 text-xs text-n1 shadow-float"
        >
          {text}
          {keys && <Keys keys={keys} onDark />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
