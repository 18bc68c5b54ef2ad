import { count } from '../ui/time-text.ts'
import type { Bar } from './home.ts'

const hourText = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/** One bar for each hour of the last day; the last one, still growing, is lighter. */
export function DayChart({ bars }: { bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.count))
  return (
    <figure className="px-4 pt-1 pb-3">
      <svg viewBox="0 0 240 40" preserveAspectRatio="none" className="h-12 w-full" aria-hidden>
        {bars.map(({ at, count: n }, index) => (
          <rect
            key={at}
            x={index * 10 + 1}
            width={8}
            y={n === 0 ? 39 : 40 - Math.max(3, (n / most) * 40)}
            height={n === 0 ? 1 : Math.max(3, (n / most) * 40)}
            className={n === 0 ? 'fill-n6' : index === bars.length - 1 ? 'fill-chart-1 opacity-60' : 'fill-chart-1'}
          >
            <title>{`${hourText.format(at)}: ${count(n, ['change', 'changes'])}`}</title>
          </rect>
        ))}
      </svg>
      <div className="flex justify-between text-xs text-n10" aria-hidden>
        <span>{hourText.format(bars[0]?.at)}</span>
        <span>most in an hour: {most}</span>
        <span>now</span>
      </div>
      <figcaption className="sr-only">
        Changes by hour:{' '}
        {bars
          .filter((bar) => bar.count > 0)
          .map((bar) => `${hourText.format(bar.at)} ${bar.count}`)
          .join(', ') || 'none'}
      </figcaption>
    </figure>
  )
}
