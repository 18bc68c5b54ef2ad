import { encode } from 'uqr'

/** A QR code as one path: dark on white in both themes, because cameras expect it so. */
export function QrCode({ text, label }: { text: string; label: string }) {
  // Four modules of white around it, as the standard wants.
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const shape = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
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
