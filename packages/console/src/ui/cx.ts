import { clsx, type ClassValue } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

/** Our own sizes would be taken for colours otherwise. */
const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ['xs', 'sm', 'base', 'lg', 'xl', '2xl'],
      radius: ['xs', 'sm', 'lg', 'full'],
      spacing: ['control', 'row'],
    },
  },
})

/** Joins class names; of two that say the same thing the later one counts. */
export function cx(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}
