import { count, number } from '../ui/time-text.ts'
import type { Bar } from './home.ts'

const hourText = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const height = 40

/** One bar for each hour of the last day; the last one, still growing, is lighter. */
export function DayChart({ bars }: { bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.count))
  return (
    <figure className="px-4 pb-2.5">
      <div className="relative">
        <span className="absolute top-0 left-0 rounded-xs bg-raised pr-1 text-xs leading-3 text-n10" aria-hidden>
          {number(most)}
        </span>
        <svg viewBox={`0 0 240 ${height}`} preserveAspectRatio="none" className="block h-11 w-full" aria-hidden>
          {bars.map(({ at, count: n }, index) => (
            <g key={at}>
              <title>{`${hourText.format(at)}: ${count(n, ['change', 'changes'])}`}</title>
              {/* The whole hour answers the pointer, however low its bar. */}
              <rect x={index * 10} width={10} height={height} className="fill-transparent hover:fill-n3" />
              {n > 0 && (
                <rect
                  x={index * 10 + 1}
                  width={8}
                  y={height - barHeight(n, most)}
                  height={barHeight(n, most)}
                  className={`pointer-events-none fill-chart-1 ${index === bars.length - 1 ? 'opacity-60' : ''}`}
                />
              )}
            </g>
          ))}
        </svg>
      </div>
      <div className="flex justify-between border-t border-n6 pt-1 text-xs text-n10" aria-hidden>
        {[0, 6, 12, 18].map((index) => (
          <span key={index}>{hourText.format(bars[index]?.at)}</span>
        ))}
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

/** Never so low that it cannot be seen. */
function barHeight(n: number, most: number): number {
  return Math.max(3, (n / most) * height)
}
