import { setImmediate } from 'node:timers/promises'
import type { AnomalyChange } from '../domain/detectors/anomaly.ts'
import { detect } from '../domain/detectors/detect.ts'
import type { SiteState } from '../domain/detectors/state.ts'
import { expectOf, sampleMs } from '../domain/expected-power.ts'
import type { Expected, PanelSample } from '../domain/plant.ts'
import type { SlotStep } from '../slots/slot-walk.ts'
import type { Doubt } from './doubt-repository.ts'

/** Scores samples of a plant by its forest; null where there is none. */
export type Scores = (
  siteId: string,
  samples: readonly PanelSample[],
  signal: AbortSignal,
) => Promise<readonly (number | null)[] | null>

/** What came of the slots of a step. */
export interface DetectedStep {
  readonly state: SiteState
  readonly changes: readonly AnomalyChange[]
  readonly doubts: readonly Doubt[]
}

interface ExpectedSlot {
  readonly at: number
  readonly panels: ReadonlyMap<string, PanelSample>
  readonly expected: ReadonlyMap<string, Expected>
}

/** So long at most it keeps others of the process waiting, ms of the machine. */
const pieceMs = 20

/** Takes the slots of a step, one after the other, also those in which no panel said anything. */
export async function detectStep(
  before: SiteState,
  step: SlotStep,
  scores: Scores,
  signal: AbortSignal,
): Promise<DetectedStep> {
  const { plant, keyOf } = step.stored
  const turn = takingTurns()
  const slots: ExpectedSlot[] = []
  for (let at = step.from; at < step.to; at += sampleMs) {
    const panels = step.slots.get(at) ?? new Map<string, PanelSample>()
    slots.push({ at, panels, expected: expectOf(plant, at, panels) })
    await turn()
  }
  const scoresAt = await forestScores(plant.siteId, slots, scores, signal)
  let state = before
  const changes: AnomalyChange[] = []
  const doubts = new Doubts(keyOf)
  for (const slot of slots) {
    // A state of later slots is of a step that was taken by another: the cursor says so, and nothing is written.
    if (state.at !== null && slot.at <= state.at) continue
    const forest = scoresAt(slot.at)
    const detected = detect(state, { ...slot, forestScores: forest }, plant)
    state = detected.state
    changes.push(...detected.changes)
    doubts.add(slot.at, detected.condemned)
    await turn()
  }
  return { state, changes, doubts: doubts.all }
}

/** Scores of what panels reported in daylight, by slot and panel. */
async function forestScores(
  siteId: string,
  slots: readonly ExpectedSlot[],
  scores: Scores,
  signal: AbortSignal,
): Promise<(at: number) => ReadonlyMap<string, number | null>> {
  const lit = slots.flatMap(({ at, panels, expected }) =>
    [...panels].flatMap(([panelId, sample]) => (expected.get(panelId)?.isDaylight ? [{ at, panelId, sample }] : [])),
  )
  const found =
    lit.length === 0
      ? null
      : await scores(
          siteId,
          lit.map(({ sample }) => sample),
          signal,
        )
  const byAt = new Map<number, Map<string, number | null>>()
  for (const [index, { at, panelId }] of lit.entries())
    byAt.set(at, (byAt.get(at) ?? new Map<string, number | null>()).set(panelId, found?.[index] ?? null))
  return (at) => byAt.get(at) ?? new Map()
}

/** Slots that follow each other are one doubt. */
class Doubts {
  readonly #keyOf: ReadonlyMap<string, number>
  readonly #running = new Map<string, { deviceKey: number; from: number; until: number }>()
  readonly #all: Doubt[] = []

  constructor(keyOf: ReadonlyMap<string, number>) {
    this.#keyOf = keyOf
  }

  get all(): readonly Doubt[] {
    return this.#all
  }

  add(at: number, panelIds: ReadonlySet<string>): void {
    for (const panelId of panelIds) {
      const running = this.#running.get(panelId)
      if (running?.until === at) running.until = at + sampleMs
      else {
        const doubt = { deviceKey: this.#keyOf.get(panelId)!, from: at, until: at + sampleMs }
        this.#running.set(panelId, doubt)
        this.#all.push(doubt)
      }
    }
  }
}

/** Lets others have their turn when it has worked for long. */
function takingTurns(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < pieceMs) return
    await setImmediate()
    since = performance.now()
  }
}
