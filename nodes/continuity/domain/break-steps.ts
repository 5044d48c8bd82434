import type { OutageCourse } from './outage-course.ts'
import { breakableLimits, breakOf, costCents, type BreakableLimit, type OutageUnit } from './outlook.ts'

/** Units that break a limit at about the same time, if the outage goes on. */
export interface BreakStep {
  /** When the first of them does: it has, if the outage ends later. UTC milliseconds. */
  readonly at: number
  readonly limit: BreakableLimit
  readonly units: number
  /** What that costs at once, cents; of limits that one unit breaks at the same time it stands with the first. */
  readonly cents: number
}

const minuteMs = 60_000

/** Gathers when the units of an outage break their limits: those of one minute come together. */
export class BreakSteps {
  #steps = new Map<number, { at: number; limit: BreakableLimit; units: number; cents: number }>()

  add(unit: OutageUnit, course: OutageCourse): void {
    const costed = new Set<number>()
    for (const [index, limit] of breakableLimits.entries()) {
      const at = breakOf(unit, course, limit)
      if (at === undefined) continue
      const key = Math.floor(at / minuteMs) * breakableLimits.length + index
      const step = this.#steps.get(key) ?? { at, limit, units: 0, cents: 0 }
      this.#steps.set(key, step)
      step.at = Math.min(step.at, at)
      step.units++
      if (costed.has(at)) continue
      costed.add(at)
      step.cents += costCents(unit, course, at + 1) - costCents(unit, course, at - 1)
    }
  }

  /** In the order of time, of one minute in that of the norm. */
  sorted(): BreakStep[] {
    return [...this.#steps.entries()].toSorted(([a], [b]) => a - b).map(([, step]) => step)
  }
}

/** How many units break each limit after one instant, up to another. */
export function breaksWithin(
  steps: readonly BreakStep[],
  after: number,
  until: number,
): Map<BreakableLimit, BreakStep> {
  const found = new Map<BreakableLimit, BreakStep>()
  for (const step of steps) {
    if (step.at <= after || step.at > until) continue
    const known = found.get(step.limit)
    if (known) found.set(step.limit, { ...known, units: known.units + step.units, cents: known.cents + step.cents })
    else found.set(step.limit, step)
  }
  return found
}
