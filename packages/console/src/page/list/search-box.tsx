import { Search } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { Input } from '../../ui/input.tsx'

/** Milliseconds between two questions while somebody types. */
const pause = 40

interface Props {
  label: string
  /** What the address says. */
  value: string | string[] | undefined
  onChange: (value: string | undefined) => void
  input: RefObject<HTMLInputElement | null>
}

/** Looks while one types: the first letter is asked for at once, those that follow fast are asked for together. */
export function SearchBox({ label, value, onChange, input }: Props) {
  const given = typeof value === 'string' ? value : ''
  const [typed, setTyped] = useState(given)
  const [seen, setSeen] = useState(given)
  /** What was sent and has not come back in the address. */
  const [sent, setSent] = useState<readonly string[]>([])
  if (given !== seen) {
    setSeen(given)
    const place = sent.indexOf(given)
    setSent(sent.slice(place + 1))
    // The address changed by itself (back, clear, a view): it wins over what stands here.
    if (place === -1) setTyped(given)
  }
  const send = useSoon((text: string): void => {
    if (text === (sent.at(-1) ?? given)) return
    setSent([...sent, text])
    onChange(text === '' ? undefined : text)
  })
  return (
    <span className="relative">
      <Search className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-n10" aria-hidden />
      <Input
        ref={input}
        type="search"
        className="h-7 w-56 pl-7 text-sm"
        placeholder={label}
        aria-label={`Search by ${label.toLowerCase()}`}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          send(event.target.value.trim())
        }}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
    </span>
  )
}

/** Calls at once, and then at most once per pause, always with the last text and never after the box is gone. */
function useSoon(send: (text: string) => void): (text: string) => void {
  const latest = useRef(send)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const last = useRef(0)
  useEffect(() => {
    latest.current = send
  })
  useEffect(() => () => clearTimeout(timer.current), [])
  return (text) => {
    const now = (): void => {
      last.current = performance.now()
      latest.current(text)
    }
    clearTimeout(timer.current)
    const wait = last.current + pause - performance.now()
    if (wait > 0) timer.current = setTimeout(now, wait)
    else now()
  }
}
