import type { Budget } from './budget.ts'
import { Pattern } from '../pattern/pattern.ts'

/*
 * The formats that are checked; others are notes. As patterns they are run in bounded time like all others. `regex`
 * asks only whether the text is one, whatever it would cost to run.
 */

type Rule = string | ((text: string, is: (name: string, text: string) => boolean) => boolean)

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const wideLabel = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}\u00b7\u30fb\u0375\u05f3\u05f4\u200c\u200d-]{0,61}[\p{L}\p{N}\p{M}])?`
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const quoted = String.raw`"(?:[ !#-\[\]-~]|\\[ -~])*"`
const wideAtom = `(?:${atom}|[\\u0080-\\u{10ffff}])+`
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const ipv4 = `${octet}(?:\\.${octet}){3}`

const percent = '%[0-9A-Fa-f]{2}'
/** What may stand in a part of an address, with more for a part that may have more. */
const uriSet = (more: string): string => `(?:[A-Za-z0-9._~!$&'()*+,;=${more}-]|${percent})`
const iriSet = (more: string): string =>
  uriSet(String.raw`\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\u{10000}-\u{efffd}${more}`)

/** RFC 3986 and 3987, by the characters that the parts may have. What stands in brackets is looked at apart. */
function reference(set: (more: string) => string, scheme: string): string {
  const host = String.raw`(?:\[[0-9A-Fa-f:.]+\]|\[v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+\]|${set('')}*)`
  const authority = `(?:${set(':')}*@)?${host}(?::[0-9]*)?`
  const path = `${set(':@/')}*`
  const rootless = scheme === '' ? `(?!//)(?![^/?#]*:)${path}` : `(?!//)${path}`
  const rest = `${set(':@/?')}*`
  return `^${scheme}(?://${authority}(?:/${path})?|${rootless})(?:\\?${rest})?(?:#${rest})?$`
}

const scheme = '[A-Za-z][A-Za-z0-9+.-]*:'
const brackets = (text: string, is: (name: string, text: string) => boolean): boolean => {
  const inside = /^[^/?#]*\/\/(?:[^/?#]*@)?\[([0-9A-Fa-f:.]*)\]/.exec(text.slice(0, 1000))?.[1]
  return inside === undefined || is('ipv6', inside)
}

const date = String.raw`(\d{4})-(\d\d)-(\d\d)`
const clock = String.raw`([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))`

const rules: Readonly<Record<string, Rule>> = {
  email: (text, is) => text.length <= 320 && is('mailbox', text) && domainIs(text, is),
  mailbox: `^(?:${atom}(?:\\.${atom})*|${quoted})@[^@]+$`,
  'idn-email': (text, is) => text.length <= 320 && is('idn-mailbox', text) && is('idn-hostname', domainOf(text)),
  'idn-mailbox': `^${wideAtom}(?:\\.${wideAtom})*@[^@]+$`,
  hostname: (text, is) => text.length <= 253 && is('labels', text) && !/(?:^|\.)(?!xn)..--/i.test(text),
  labels: `^${label}(?:\\.${label})*$`,
  'idn-hostname': (text, is) => text.length <= 253 && is('idn-labels', text),
  'idn-labels': `^${wideLabel}(?:[.\\u3002\\uff0e\\uff61]${wideLabel})*$`,
  ipv4: `^${ipv4}$`,
  ipv6: isIpv6,
  'dotted-quad': `^${ipv4}$`,
  uri: (text, is) => is('uri-text', text) && brackets(text, is),
  'uri-text': reference(uriSet, scheme),
  'uri-reference': (text, is) => (is('uri-text', text) || is('uri-relative', text)) && brackets(text, is),
  'uri-relative': reference(uriSet, ''),
  iri: (text, is) => is('iri-text', text) && brackets(text, is),
  'iri-text': reference(iriSet, scheme),
  'iri-reference': (text, is) => (is('iri-text', text) || is('iri-relative', text)) && brackets(text, is),
  'iri-relative': reference(iriSet, ''),
  'uri-template': String.raw`^(?:[^\u0000-\u0020"'%<>\\^\`{|}\u007f]|${percent}|\{[+#./;?&=,!@|]?(?:[A-Za-z0-9_]|${percent})(?:[A-Za-z0-9_.]|${percent})*(?::[1-9][0-9]{0,3}|\*)?(?:,(?:[A-Za-z0-9_]|${percent})(?:[A-Za-z0-9_.]|${percent})*(?::[1-9][0-9]{0,3}|\*)?)*\})*$`,
  uuid: '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$',
  date: (text) => isDate(new RegExp(`^${date}$`).exec(text)),
  time: (text) => isTime(new RegExp(`^${clock}$`).exec(text.slice(0, 100))),
  'date-time': (text) =>
    isDate(new RegExp(`^${date}[Tt ]`).exec(text)) && isTime(new RegExp(`^${clock}$`).exec(text.slice(11, 111))),
  duration: String.raw`^P(?!$)(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)$`,
  'json-pointer': '^(?:/(?:[^~/]|~0|~1)*)*$',
  'relative-json-pointer': '^(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~0|~1)*)*)$',
  regex: isExpression,
}

/** Helpers of other rules, not names that a schema can use. */
const internal = [
  'mailbox',
  'idn-mailbox',
  'labels',
  'idn-labels',
  'dotted-quad',
  'uri-text',
  'uri-relative',
  'iri-text',
  'iri-relative',
]

/** What a person reads after "must be". */
export const formatNames: Readonly<Record<string, string>> = {
  email: 'an email address',
  'idn-email': 'an email address',
  hostname: 'a host name',
  'idn-hostname': 'a host name',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  uri: 'a URI, such as https://example.com',
  'uri-reference': 'a URI or a relative reference',
  iri: 'an IRI, such as https://example.com',
  'iri-reference': 'an IRI or a relative reference',
  'uri-template': 'a URI template',
  uuid: 'a UUID',
  date: 'a date, such as 2026-01-31',
  time: 'a time with its offset, such as 12:30:00Z',
  'date-time': 'a date and time with its offset, such as 2026-01-31T12:30:00Z',
  duration: 'a duration, such as P1DT12H',
  'json-pointer': 'a JSON pointer',
  'relative-json-pointer': 'a relative JSON pointer',
  regex: 'a regular expression',
}

const patterns = new Map<string, Pattern>()

/** Whether a text is of a format; every text is of one that is not known. */
export function isOfFormat(format: string, text: string, budget: Budget): boolean {
  if (!Object.hasOwn(rules, format) || internal.includes(format)) return true
  const is = (name: string, part: string): boolean => {
    const rule = rules[name]!
    budget.spend(20 + (part.length >> 1))
    if (typeof rule !== 'string') return rule(part, is)
    const pattern = patterns.get(name) ?? new Pattern(rule)
    patterns.set(name, pattern)
    return pattern.isIn(part, budget)
  }
  return is(format, text)
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

function domainIs(address: string, is: (name: string, text: string) => boolean): boolean {
  const literal = /^\[(IPv6:)?(.*)\]$/.exec(domainOf(address))
  if (!literal) return is('hostname', domainOf(address))
  return is(literal[1] ? 'ipv6' : 'ipv4', literal[2]!)
}

function isDate(found: RegExpExecArray | null): boolean {
  if (!found) return false
  const [year, month, day] = found.slice(1, 4).map(Number) as [number, number, number]
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return days !== undefined && day >= 1 && day <= days
}

/** A second 60 is one only at 23:59 UTC. */
function isTime(found: RegExpExecArray | null): boolean {
  if (!found) return false
  const [, hour, minute, second, sign, offsetHour = '0', offsetMinute = '0'] = found
  if (second !== '60') return true
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1)
  return (Number(hour) * 60 + Number(minute) - offset + 2880) % 1440 === 1439
}

function isIpv6(text: string, is: (name: string, text: string) => boolean): boolean {
  if (text.length > 45) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1)
  const dotted = last?.includes('.') && !text.endsWith('::') && is('dotted-quad', last)
  const words = dotted ? groups.slice(0, -1) : groups
  const count = words.length + (dotted ? 2 : 0)
  return words.every((word) => /^[0-9A-Fa-f]{1,4}$/.test(word)) && (halves.length === 2 ? count <= 7 : count === 8)
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u').unicode
  } catch {
    return false
  }
}
