import type { Outcome } from './run.ts'
import { answers } from './survivors.ts'

const wantedShare = 0.9

/** Prints what no test has noticed and nobody has answered for. */
export function printUnseen(outcomes: readonly Outcome[]): void {
  for (const { file, line, original, replacement, fate } of outcomes.filter((outcome) => isOpen(outcome)))
    console.log(`${fate.toUpperCase()} ${file}:${line}\n  ${short(original)}\n  became ${short(replacement)}`)
}

/**
 * Prints the share that was noticed.
 * @returns the exit code: 1 when the share is too small or a mutant went by that nobody has answered for.
 */
export function judge(outcomes: readonly Outcome[]): 0 | 1 {
  const tried = outcomes.filter(({ fate }) => fate !== 'error')
  const equivalent = tried.filter((outcome) => isUnseen(outcome) && answerTo(outcome)?.equivalent === true)
  const seen = tried.filter(({ fate }) => fate === 'seen').length
  const counted = tried.length - equivalent.length
  const open = tried.filter((outcome) => isOpen(outcome)).length
  const unreached = tried.filter(({ fate }) => fate === 'unreached').length
  const share = counted === 0 ? 0 : seen / counted
  console.log(
    `${seen} of ${counted} mutants were seen (${(share * 100).toFixed(1)} %), ${open} unseen without an answer, ` +
      `${unreached} in code that no test runs in its own process, ` +
      `${equivalent.length} that change nothing, ${outcomes.length - tried.length} that could not be run.`,
  )
  return share >= wantedShare && open === 0 ? 0 : 1
}

const isUnseen = ({ fate }: Outcome): boolean => fate === 'unseen' || fate === 'unreached'
const isOpen = (outcome: Outcome): boolean => isUnseen(outcome) && answerTo(outcome) === undefined

function answerTo({ file, original, replacement }: Outcome) {
  return answers.find(
    (answer) =>
      answer.file === file &&
      answer.original === original &&
      answer.replacement === replacement.replaceAll(/\s+/g, ' '),
  )
}

const short = (code: string): string => code.replaceAll(/\s+/g, ' ').slice(0, 160)
