import { localTime } from '../../ui/time-text.ts'
import type { Bot } from './bot.ts'

export const typeLabels: Record<Bot['type'], string> = { studio: 'Studio', adk: 'ADK', desk: 'Desk' }

export const typeOptions = Object.entries(typeLabels).map(([value, label]) => ({ value, label }))

export function deployedLabel(deployed: boolean): string {
  return deployed ? 'Deployed' : 'Not deployed'
}

/** What a name of a secret has to look like (contract: bot secrets). */
export const secretNamePattern = /^[A-Z][A-Z0-9_]{0,99}$/

/** What keeps a name from being one of a secret, or null. */
export function secretNameProblem(name: string, taken: readonly string[]): string | null {
  if (name === '') return 'Required.'
  if (!secretNamePattern.test(name)) return 'Uppercase letters, digits and _, starting with a letter: MY_SECRET.'
  return taken.includes(name) ? `${name} is already set. Set a new value in its row.` : null
}

/** What keeps a tag from being put, or null. */
export function tagProblem(key: string, value: string): string | null {
  if (key === '') return 'Enter a key.'
  if (key.length > 100) return 'The key can have at most 100 characters.'
  return value.length > 500 ? 'The value can have at most 500 characters.' : null
}

/** The next name in a row of versions: `1.7.0` → `1.8.0`, `v3` → `v4`; empty where none can be told. */
export function nextVersionName(last: string | undefined): string {
  const semver = /^(v?\d+\.)(\d+)(\.\d+)?$/.exec(last ?? '')
  if (semver) return `${semver[1]}${Number(semver[2]) + 1}${semver[3] ? '.0' : ''}`
  const counted = /^(.*?)(\d+)$/.exec(last ?? '')
  return counted && !/\d{4}-\d\d|T\d/.test(last ?? '') ? `${counted[1]}${Number(counted[2]) + 1}` : ''
}

/** A version's name as people read it: the moments in names that Steward gives are put on the reader's clock. */
export function readableName(name: string): string {
  return name.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (moment) => localTime(Date.parse(moment)))
}

/** Of a readable name that Steward gave only the moment: "Roll back to 23 Nov 2026, 15:46:54". */
export function nameAlone(name: string): string {
  return name.replace(/^(?:Deployed|Published) (?=\d{1,2} \w+ \d{4}, )/, '')
}
