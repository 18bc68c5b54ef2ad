import { useEffect, useState } from 'react'

/** Whether something has been so for a while: what passes by itself need not be said. */
export function useLasting(now: boolean, milliseconds: number): boolean {
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLasting(now), now ? milliseconds : 0)
    return () => clearTimeout(timer)
  }, [now, milliseconds])
  return lasting && now
}
