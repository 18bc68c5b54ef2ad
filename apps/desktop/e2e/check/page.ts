/** What became of one step. */
export interface Result {
  step: string
  status: 'ok' | 'failed' | 'skipped'
  /** What was seen, or why not. */
  detail: string
  milliseconds: number
}

export interface About {
  /** What the app ran on, such as `Electron 45.4.1` or the double of it. */
  driver: string
  /** Names and versions. */
  versions: Readonly<Record<string, string>>
  system: string
  at: Date
}

/** Texts that must not be on the page, and what stands in their place. */
export type Hidden = readonly (readonly [text: string, instead: string])[]

/** One page of Markdown that can be sent as it is. */
export function pageOf(about: About, results: readonly Result[], hidden: Hidden): string {
  const rows = results.map(
    ({ step, status, detail, milliseconds }) => `| ${step} | ${status} | ${cell(detail)} | ${milliseconds} |`,
  )
  const failed = results.filter(({ status }) => status === 'failed').length
  const text = [
    '# Steward desktop check',
    '',
    failed === 0 ? `All ${results.length} steps are well.` : `${failed} of ${results.length} steps failed.`,
    '',
    `Ran on ${about.driver}, ${about.system}, ${about.at.toISOString()}.`,
    ...Object.entries(about.versions).map(([name, version]) => `- ${name} ${version}`),
    '',
    '| Step | Result | What was seen | ms |',
    '| ---- | ------ | ------------- | -- |',
    ...rows,
    '',
  ].join('\n')
  return hidden
    .filter(([secret]) => secret !== '')
    .reduce((page, [secret, instead]) => page.replaceAll(secret, instead), text)
}

const longestDetail = 300

/** One line of a table's cell. */
function cell(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return (line.length > longestDetail ? `${line.slice(0, longestDetail)}…` : line).replaceAll('|', '\\|')
}
