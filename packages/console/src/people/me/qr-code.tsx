import { qrOf } from './qr.ts'

/** A QR code as one path: dark on white in both themes, because cameras expect it so. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const matrix = qrOf(text)
  const size = matrix.length + 8
  const shape = matrix
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + 4} ${y + 4}h1v1h-1z`] : [])))
    .join('')
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className="size-44 rounded-sm border border-n5 bg-[#fff]"
    >
      <path d={shape} fill="#000" />
    </svg>
  )
}
