import type { Budget } from '../values/budget.ts'
import { type CharacterTest, isLineEnd, isWord } from './characters.ts'
import { type Edge, PatternFault, readPattern, type Tree } from './syntax.ts'

export { PatternFault } from './syntax.ts'

/*
 * Patterns come from strangers, so they are not run by the engine, which goes back and tries again and may do so for
 * years. All ways through a pattern are followed side by side, one character at a time: work is at most the pattern's
 * size times the text's, and counted. Looking ahead and behind works (the official SDK's own patterns use it);
 * referring back to a group cannot be done so.
 */

type Step =
  | { kind: 'character'; test: CharacterTest }
  | { kind: 'split'; other: number }
  | { kind: 'jump'; to: number }
  | { kind: 'edge'; edge: Edge }
  | { kind: 'look'; steps: Program; behind: boolean; negated: boolean }
  | { kind: 'match' }

type Program = readonly Step[]

const mostSteps = 5000

export class Pattern {
  readonly #program: Program
  readonly #unicode: boolean
  readonly #atStart: boolean
  /** Steps of the program, for what it costs to make one. */
  readonly size: number

  /** @throws PatternFault for what is no regular expression, too large or refers back to a group. */
  constructor(source: string) {
    const { tree, unicode } = readPattern(source)
    const writer = new Writer()
    this.#program = writer.program(tree, false)
    this.#unicode = unicode
    this.#atStart = startsAtEdge(tree)
    this.size = writer.written
  }

  /**
   * Whether the pattern is found anywhere in the text.
   * @throws TooMuch when the budget ends first.
   */
  isIn(text: string, budget: Budget): boolean {
    budget.spend(8 + (text.length >> 1))
    return new Search(this.#unicode ? codesOf(text) : unitsOf(text), budget).find(this.#program, {
      from: 0,
      behind: false,
      anywhere: !this.#atStart,
    })
  }
}

function codesOf(text: string): number[] {
  const codes: number[] = []
  for (const character of text) codes.push(character.codePointAt(0)!)
  return codes
}

const unitsOf = (text: string): number[] => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))

function startsAtEdge(tree: Tree): boolean {
  if (tree.kind === 'edge') return tree.edge === 'start'
  if (tree.kind === 'sequence') return tree.parts[0] !== undefined && startsAtEdge(tree.parts[0])
  return tree.kind === 'choice' && tree.options.every(startsAtEdge)
}

class Writer {
  /** Of every program together: what is inside a look counts. */
  written = 0

  program(tree: Tree, behind: boolean): Program {
    const steps: Step[] = []
    this.#write(tree, { steps, behind })
    steps.push({ kind: 'match' })
    return steps
  }

  #write(tree: Tree, into: { steps: Step[]; behind: boolean }): void {
    // Also counts what writes nothing, such as an empty group a million times.
    if (++this.written > mostSteps) throw new PatternFault('is too large')
    const { steps, behind } = into
    if (tree.kind === 'character' || tree.kind === 'edge') steps.push(tree)
    else if (tree.kind === 'sequence')
      for (const part of behind ? tree.parts.toReversed() : tree.parts) this.#write(part, into)
    else if (tree.kind === 'choice') this.#choice(tree.options, into)
    else if (tree.kind === 'repeat') this.#repeat(tree, into)
    else steps.push({ ...tree, steps: this.program(tree.of, tree.behind) })
  }

  #choice(options: readonly Tree[], into: { steps: Step[]; behind: boolean }): void {
    const { steps } = into
    const ends: { kind: 'jump'; to: number }[] = []
    for (const [index, option] of options.entries()) {
      const split = { kind: 'split' as const, other: 0 }
      const isLast = index === options.length - 1
      if (!isLast) steps.push(split)
      this.#write(option, into)
      if (isLast) continue
      const end = { kind: 'jump' as const, to: 0 }
      ends.push(end)
      steps.push(end)
      split.other = steps.length
    }
    for (const end of ends) end.to = steps.length
  }

  #repeat({ of, min, max }: { of: Tree; min: number; max: number }, into: { steps: Step[]; behind: boolean }): void {
    const { steps } = into
    for (let count = 0; count < min; count++) this.#write(of, into)
    const splits: { kind: 'split'; other: number }[] = []
    const rounds = max === Infinity ? 1 : max - min
    const first = steps.length
    for (let count = 0; count < rounds; count++) {
      const split = { kind: 'split' as const, other: 0 }
      splits.push(split)
      steps.push(split)
      this.#write(of, into)
    }
    if (max === Infinity) steps.push({ kind: 'jump', to: first })
    for (const split of splits) split.other = steps.length
  }
}

class Search {
  readonly #codes: readonly number[]
  readonly #budget: Budget

  constructor(codes: readonly number[], budget: Budget) {
    this.#codes = codes
    this.#budget = budget
  }

  find(program: Program, { from, behind, anywhere }: { from: number; behind: boolean; anywhere: boolean }): boolean {
    this.#budget.spend(4 + (program.length >> 3))
    /** At which position a step was last reached; from 1. */
    const reached = new Int32Array(program.length)
    let active: number[] = []
    for (let at = from; ; at += behind ? -1 : 1) {
      const starts = at === from || anywhere ? [...active, 0] : active
      const waiting = this.#follow(program, { starts, at, reached })
      if (waiting === null) return true
      const code = this.#codes[behind ? at - 1 : at]
      if (code === undefined || (waiting.length === 0 && !anywhere)) return false
      active = []
      for (const index of waiting) {
        const step = program[index]!
        if (step.kind === 'character' && step.test(code)) active.push(index + 1)
      }
    }
  }

  /** The steps that wait for a character, all others done; null when the match is reached. */
  #follow(
    program: Program,
    { starts, at, reached }: { starts: readonly number[]; at: number; reached: Int32Array },
  ): number[] | null {
    const waiting: number[] = []
    const open = [...starts]
    let visited = 1
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      visited++
      if (reached[index] === at + 1) continue
      reached[index] = at + 1
      const step = program[index]!
      if (step.kind === 'match') return null
      if (step.kind === 'character') waiting.push(index)
      else if (step.kind === 'jump') open.push(step.to)
      else if (step.kind === 'split') open.push(step.other, index + 1)
      else if (this.#holds(step, at)) open.push(index + 1)
    }
    this.#budget.spend(visited)
    return waiting
  }

  #holds(step: Extract<Step, { kind: 'edge' | 'look' }>, at: number): boolean {
    if (step.kind === 'look') {
      const { steps, behind, negated } = step
      return this.find(steps, { from: at, behind, anywhere: false }) !== negated
    }
    const codes = this.#codes
    if (step.edge === 'start') return at === 0
    if (step.edge === 'end') return at === codes.length
    if (step.edge === 'lineStart') return at === 0 || isLineEnd(codes[at - 1])
    if (step.edge === 'lineEnd') return at === codes.length || isLineEnd(codes[at])
    return (isWord(codes[at - 1]) !== isWord(codes[at])) === (step.edge === 'word')
  }
}
