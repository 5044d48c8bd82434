import type { GridEvent, SwitchState as SwitchPayload } from '../../platform/wire/payloads.ts'
import { noiseFactor, round, type Draw } from '../draw.ts'

export type Position = 'open' | 'closed'

export interface SwitchSpec {
  readonly id: string
  readonly feederId: string
  readonly normally: Position
}

export interface SwitchState {
  readonly at: number
  readonly position: Position
  /** The position is not that of the step before. */
  readonly changed: boolean
  /** Instant of the last state sent, UTC milliseconds. */
  readonly sentAt: number
  /** A state is to be sent at this step: it changed, or the last one is a minute old. */
  readonly due: boolean
  /** Why it stands where it stands, if it was moved. */
  readonly cause: string | undefined
  readonly amperes: number
}

export interface SwitchInputs {
  readonly at: number
  readonly wanted: Position
  readonly cause?: string | undefined
  /** Current that flows through it while it is closed, A. */
  readonly loadAmperes: number
  readonly draw: Draw
}

const REPEATED_EVERY_MS = 60_000

/** The switch before its first step. */
export const firstSwitch = (spec: SwitchSpec): SwitchState => ({
  at: 0,
  position: spec.normally,
  changed: false,
  sentAt: -REPEATED_EVERY_MS,
  due: false,
  cause: undefined,
  amperes: 0,
})

/** One step: it goes to the position wanted, and says so at once; otherwise it repeats its state every minute. */
export function stepSwitch(state: SwitchState, { at, wanted, cause, loadAmperes, draw }: SwitchInputs): SwitchState {
  const changed = wanted !== state.position
  const due = changed || at - state.sentAt >= REPEATED_EVERY_MS
  const amperes = wanted === 'closed' ? Math.abs(loadAmperes) * noiseFactor(draw, 0.005) : 0
  // It moves back for the reason that it was moved for.
  return { at, position: wanted, changed, sentAt: due ? at : state.sentAt, due, cause: cause ?? state.cause, amperes }
}

export function switchPayload(spec: SwitchSpec, state: SwitchState, recloseBlocked: boolean): SwitchPayload {
  const amperes = round(state.amperes, 2)
  return {
    switch_id: spec.id,
    timestamp: new Date(state.at).toISOString(),
    position: state.position,
    mode: 'remote',
    quality: 'good',
    reclose_blocked: recloseBlocked,
    currents: { ia_a: amperes, ib_a: amperes, ic_a: amperes },
  }
}

/** The event of a change. The instant names it, so that a repetition is the same event. */
export function switchEvent(spec: SwitchSpec, state: SwitchState): GridEvent {
  return {
    device_id: spec.id,
    event_id: `${spec.id}-${state.at}`,
    timestamp: new Date(state.at).toISOString(),
    type: state.position === 'open' ? 'switch_opened' : 'switch_closed',
    phases: 'ABC',
    cause: state.cause ?? 'load transfer',
  }
}
