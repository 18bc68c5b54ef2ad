export interface Typed {
  text: string
  enter: boolean
}

/**
 * Keeps what is typed until there is a field to type into: the palette comes with a chunk of its own, and nobody waits
 * for it before typing.
 */
export interface TypeAhead {
  /** Ends it. @returns what was typed meanwhile, and whether Enter came after it. */
  take: () => Typed
}

type Target = Pick<Document, 'addEventListener' | 'removeEventListener'>

/** @param giveUp called for Escape. */
export function typeAhead(giveUp: () => void, target: Target = document): TypeAhead {
  let text = ''
  let enter = false
  const onKey = (event: KeyboardEvent): void => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Backspace') text = text.slice(0, -1)
    // Letters of other scripts may be two units long; names of keys are longer than that.
    else if (event.key.length <= 2 && !/^F\d$/.test(event.key)) text += event.key
    else if (event.key === 'Enter') enter = true
    else if (event.key !== 'Escape') return
    // Neither the page's shortcuts nor a button under the focus may take it.
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') giveUp()
  }
  target.addEventListener('keydown', onKey, true)
  return {
    take: () => {
      target.removeEventListener('keydown', onKey, true)
      return { text, enter }
    },
  }
}
