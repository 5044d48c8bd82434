import { FileError } from '../../../platform/runtime/csv-file.ts'
import { anomalyKinds, type AnomalyKind } from '../domain/detectors/anomaly.ts'
import { sampleMs as slotMs } from '../domain/expected-power.ts'
import { kindNamed } from './labels.ts'

/** An anomaly of one panel. Instants in UTC milliseconds. */
export interface FoundAnomaly {
  readonly panelId: string
  readonly kind: AnomalyKind
  readonly since: number
  /** Before when; Infinity: it lasts. */
  readonly until: number
}

/** How calls did against labels; a share is null where there is nothing that it is of. */
export interface Score {
  readonly labelled: number
  readonly called: number
  /** Of what is labelled, what was called too. */
  readonly found: number
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
}

export interface KindScore {
  /** As the file names it. */
  readonly label: string
  /** Anomalies that it is held against; null: the detectors know none of that name, and any will do. */
  readonly kind: AnomalyKind | null
  readonly slots: Score
  readonly events: Score
}

export interface LabelScore {
  /** Slots that were judged, of all panels. */
  readonly judged: number
  readonly slots: Score
  readonly events: Score
  readonly byKind: readonly KindScore[]
}

/** Slots of all panels that labels are kept of: some 120 MB. */
const mostSlots = 20_000_000
const mostLabels = 200

/** What a file says of each slot of each panel, to hold anomalies against when all of them are known. */
export class LabelBook {
  readonly #panels = new Map<string, { slots: number[]; labels: number[] }>()
  readonly #names: string[] = []
  #count = 0

  /** @throws FileError of more slots, or more kinds of labels, than can be held */
  take(at: number, panelIds: Iterable<string>, labels: ReadonlyMap<string, string>): void {
    for (const panelId of panelIds) {
      if (++this.#count > mostSlots)
        throw new FileError(`has labels of more than ${mostSlots} slots of panels: score a part of it`)
      let panel = this.#panels.get(panelId)
      if (!panel) this.#panels.set(panelId, (panel = { slots: [], labels: [] }))
      panel.slots.push(at / slotMs)
      panel.labels.push(this.#numberOf(labels.get(panelId)))
    }
  }

  /** 0: well. */
  #numberOf(label: string | undefined): number {
    if (label === undefined) return 0
    const known = this.#names.indexOf(label)
    if (known >= 0) return known + 1
    if (this.#names.length === mostLabels)
      throw new FileError(
        `has more than ${mostLabels} different labels, such as "${label.slice(0, 80)}": kinds are few`,
      )
    return this.#names.push(label)
  }

  /** Holds anomalies against the labels. */
  score(found: readonly FoundAnomaly[]): LabelScore {
    const byPanel = Map.groupBy(found, ({ panelId }) => panelId)
    const all = { slots: new Tally(), events: new Tally() }
    const kinds = this.#names.map((label) => {
      const kind = kindNamed(label)
      return { label, kind, bits: kind === undefined ? anyKind : bitOf(kind), slots: new Tally(), events: new Tally() }
    })
    for (const [panelId, { slots, labels }] of this.#panels) {
      const calls = byPanel.get(panelId) ?? []
      const masks = masksOf(slots, calls)
      countSlots(labels, masks, anyLabel, anyKind, all.slots)
      countEvents(labels, masks, anyLabel, anyKind, all.events)
      countCalls(slots, labels, calls, anyLabel, anyKind, all.events)
      for (const [index, { bits, slots: slotTally, events }] of kinds.entries()) {
        const isIt = (label: number): boolean => label === index + 1
        countSlots(labels, masks, isIt, bits, slotTally)
        countEvents(labels, masks, isIt, bits, events)
        countCalls(slots, labels, calls, isIt, bits, events)
      }
    }
    return {
      judged: this.#count,
      ...{ slots: all.slots.score(), events: all.events.score() },
      byKind: kinds
        .map(({ label, kind, slots, events }) => ({
          label,
          kind: kind ?? null,
          slots: slots.score(),
          events: events.score(),
        }))
        .sort((a, b) => (a.label < b.label ? -1 : 1)),
    }
  }
}

const bitOf = (kind: AnomalyKind): number => 1 << anomalyKinds.indexOf(kind)
const anyKind = (1 << anomalyKinds.length) - 1
const anyLabel = (label: number): boolean => label !== 0

/** What was called in each slot, a bit a kind. */
function masksOf(slots: readonly number[], calls: readonly FoundAnomaly[]): Uint32Array {
  const masks = new Uint32Array(slots.length)
  for (const { kind, since, until } of calls)
    for (let index = firstFrom(slots, since); index < slots.length && slots[index]! * slotMs < until; index++)
      masks[index]! |= bitOf(kind)
  return masks
}

/** The first slot that ends after an instant. */
function firstFrom(slots: readonly number[], instant: number): number {
  let [low, high] = [0, slots.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((slots[middle]! + 1) * slotMs > instant) high = middle
    else low = middle + 1
  }
  return low
}

type IsLabel = (label: number) => boolean

function countSlots(labels: readonly number[], masks: Uint32Array, isIt: IsLabel, bits: number, tally: Tally): void {
  for (const [index, label] of labels.entries()) {
    const [labelled, called] = [isIt(label), (masks[index]! & bits) !== 0]
    if (labelled) tally.labelled++
    if (called) tally.called++
    if (labelled && called) {
      tally.found++
      tally.right++
    }
  }
}

/** Runs of one label, however many slots without rows are between: found by any call that covers a part of it. */
function countEvents(labels: readonly number[], masks: Uint32Array, isIt: IsLabel, bits: number, tally: Tally): void {
  let isFound = false
  for (const [index, label] of labels.entries()) {
    if (!isIt(label)) continue
    isFound ||= (masks[index]! & bits) !== 0
    if (labels[index + 1] === label) continue
    tally.labelled++
    if (isFound) tally.found++
    isFound = false
  }
}

/** A call is right that covers any slot with the label. */
function countCalls(
  slots: readonly number[],
  labels: readonly number[],
  calls: readonly FoundAnomaly[],
  isIt: IsLabel,
  bits: number,
  tally: Tally,
): void {
  for (const { kind, since, until } of calls) {
    if ((bitOf(kind) & bits) === 0) continue
    tally.called++
    for (let index = firstFrom(slots, since); index < slots.length && slots[index]! * slotMs < until; index++)
      if (isIt(labels[index]!)) {
        tally.right++
        break
      }
  }
}

class Tally {
  labelled = 0
  called = 0
  /** Of what is labelled. */
  found = 0
  /** Of what is called. */
  right = 0

  score(): Score {
    const { labelled, called, found, right } = this
    const precision = called === 0 ? null : right / called
    const recall = labelled === 0 ? null : found / labelled
    // Of nothing that was called or found, but something labelled, it is 0: nothing was got right.
    const f1 =
      labelled === 0
        ? null
        : precision === null || precision + recall! === 0
          ? 0
          : (2 * precision * recall!) / (precision + recall!)
    return { labelled, called, found, precision, recall, f1 }
  }
}
