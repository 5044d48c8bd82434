import type { CommandPhase } from '../../platform/wire/command.ts'
import type { Moment } from './line.ts'

/** A point between two steps of a command's life, seen from outside: what has happened by then, and what has not. */
export interface Edge {
  readonly name: string
  readonly at:
    | { readonly kind: 'command'; readonly phase: CommandPhase; readonly moment: Moment }
    | { readonly kind: 'answer'; readonly moment: Moment }
}

const command = (phase: CommandPhase, moment: Moment): Edge['at'] => ({ kind: 'command', phase, moment })
const answer = (moment: Moment): Edge['at'] => ({ kind: 'answer', moment })

/** Where the platform is killed. What is committed, and what goes onto the line, is the same whether it dies there or right before. */
export const edges: readonly Edge[] = [
  { name: 'select written, not sent', at: command('select', 'arrives') },
  { name: 'select sent', at: command('select', 'passed') },
  { name: 'select confirmed by the broker', at: command('select', 'confirmation-passed') },
  { name: 'operate written, not sent', at: command('operate', 'arrives') },
  { name: 'operate sent', at: command('operate', 'passed') },
  { name: 'operate confirmed by the broker', at: command('operate', 'confirmation-passed') },
  { name: 'query written, not sent', at: command('query', 'arrives') },
  { name: 'query sent', at: command('query', 'passed') },
  { name: 'answer not heard', at: answer('arrives') },
  { name: 'answer heard', at: answer('passed') },
  { name: 'answer taken, its confirmation lost', at: answer('confirmed') },
]

/** Whether a moment on the line is this edge. */
export const isAt = ({ at }: Edge, moment: Moment, kind: 'command' | 'answer', phase: string | undefined): boolean =>
  at.moment === moment && at.kind === kind && (at.kind === 'answer' || at.phase === phase)
