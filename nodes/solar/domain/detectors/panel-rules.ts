import type { AnomalyKind } from './anomaly.ts'
import { clipping } from './clipping.ts'
import { wrongClock } from './clock.ts'
import { hotPanel, hotSpot } from './hot.ts'
import { lowVoltage, lowVoltageDelay, partlyShorted } from './low-voltage.ts'
import { mismatch } from './mismatch.ts'
import { outOfRange } from './out-of-range.ts'
import type { PanelView } from './panel-view.ts'
import { shading } from './shading.ts'
import { degradation, soiling } from './slow-loss.ts'
import { recentVoltage } from './panel-memory.ts'
import type { PanelState } from './state.ts'
import { stuckValue } from './stuck-value.ts'
import { unusual } from './unusual.ts'
import { unknown, weighed, type Verdict } from './verdict.ts'
import type { Delays, Said } from './watch.ts'
import { shorted, stringOpen, zeroOutput } from './zero-output.ts'

/** What a rule judges a panel by. */
export interface Case {
  readonly view: PanelView
  /** With what this slot, and the day if it closed one, added to its memory. */
  readonly state: PanelState
  /** Half hours of the day that this slot closes; `null`: it closes none. */
  readonly closed: PanelState['halfHours'] | null
  /** The same value was there in the slot before. */
  readonly isRepeated: boolean
  readonly forestScore: number | null
}

export interface Rule {
  readonly kind: AnomalyKind
  readonly delays: Delays
  /** A symptom, not a cause: it explains nothing, and only these explain it. */
  readonly isSymptomOf?: ReadonlySet<AnomalyKind>
  /** @param said  the anomaly of it that lasts; `null`: none does */
  judge(case_: Case, said: Said | null): Verdict
}

const minutes = (count: number): number => count / 5
const hours = (count: number): number => count * 12

/** Verdicts of days are taken once a day: each counts for itself. */
const daily = (on: number, off: number): Delays => ({ on, off })

/** In the order in which one explains another: of two that hold of a panel, the earlier is the cause. */
export const panelRules: readonly Rule[] = [
  {
    kind: 'clock',
    delays: { on: minutes(15), off: hours(14) },
    judge: ({ view, isRepeated }) => wrongClock(view, isRepeated),
  },
  { kind: 'out_of_range', delays: { on: minutes(10), off: hours(1) }, judge: ({ view }) => outOfRange(view) },
  {
    kind: 'stuck_value',
    delays: { on: 1, off: minutes(15) },
    judge: ({ view, state }) => stuckValue(view, state.repeats),
  },
  { kind: 'string_open', delays: { on: minutes(15), off: minutes(15) }, judge: ({ view }) => stringOpen(view) },
  {
    kind: 'hot_spot',
    delays: { on: hours(1), off: hours(2) },
    judge: ({ view, state: { usual } }, said) => hotSpot(view, usual.warmerC, said !== null),
  },
  {
    kind: 'short_circuit',
    delays: { on: lowVoltageDelay, off: hours(1) },
    judge: ({ view, state }, said) => {
      const whole = shorted(view)
      if (whole.says === 'holds') return weighed(whole, lowVoltageDelay / minutes(30))
      return isShaded(state) ? unknown : partlyShorted(view, state.drops, recentVoltage(state), said !== null)
    },
  },
  { kind: 'zero_output', delays: { on: minutes(15), off: minutes(15) }, judge: zeroOutputOnceAwake },
  {
    kind: 'clipping',
    delays: { on: minutes(30), off: hours(1) },
    judge: ({ view, state: { output, usual } }, said) => clipping(view, output, usual, said),
  },
  {
    kind: 'low_voltage',
    delays: { on: lowVoltageDelay, off: hours(2) },
    judge: ({ view, state }, said) =>
      isShaded(state) ? unknown : lowVoltage(view, state.drops, recentVoltage(state), said !== null),
  },
  {
    kind: 'hot_panel',
    delays: { on: minutes(30), off: hours(1) },
    isSymptomOf: new Set(['clock', 'out_of_range', 'stuck_value', 'hot_spot']),
    judge: ({ view }, said) => hotPanel(view, said !== null),
  },
  {
    kind: 'shading',
    delays: daily(1, 1),
    judge: ({ state, closed }, said) => (closed ? shading(state.shadows, closed, said !== null) : unknown),
  },
  {
    kind: 'soiling',
    delays: daily(1, 2),
    judge: ({ state, closed }, said) => (closed ? soiling(state.days, state.usual, said !== null) : unknown),
  },
  {
    kind: 'degradation',
    delays: daily(3, 5),
    judge: ({ state, closed }, said) => (closed ? degradation(state.days, state.usual, said !== null) : unknown),
  },
  {
    kind: 'mismatch',
    delays: { on: hours(6), off: hours(3) },
    judge: ({ view, state: { usual } }, said) => mismatch(view, usual.power, said !== null),
  },
  {
    kind: 'unusual',
    delays: { on: hours(2), off: hours(2) },
    judge: ({ view, forestScore }, said) => unusual(view, forestScore, said !== null),
  },
]

/** A shadow takes voltage by the hour: while one is known, nothing else is made of that. */
const isShaded = ({ watches }: PanelState): boolean => watches.shading?.said != null

/** So long a clock may be late, in judged slots: as far as clocks are wrong by a zone. */
const lateSlots = hours(3)

/** A panel that has not generated since dawn may have a clock that is late: it gets hours, others minutes. */
function zeroOutputOnceAwake({ view, state }: Case, said: Said | null): Verdict {
  const verdict = zeroOutput(view)
  const isAsleep = !state.hasGenerated && said === null && state.judgedSlots < lateSlots
  return verdict.says === 'holds' && isAsleep ? unknown : verdict
}
