import type { AnomalyKind } from '../../nodes/solar/domain/detectors/anomaly.ts'
import { faultKinds, type FaultKind, type FaultLabel } from '../../simulator/plant/fault-kinds.ts'
import type { Call } from './call.ts'
import type { JudgedYear } from './judged-year.ts'
import { nameOf } from './judged-kinds.ts'

/** One cause and what became of its labels. */
export interface JudgedEpisode {
  readonly kind: FaultKind
  readonly found: number
  readonly missed: number
  /** From the label's beginning until it was found, ms, one a label that was found. */
  readonly delays: readonly number[]
}

/** A call under the name of a fault that the panel did not have. */
export interface WrongCall {
  readonly kind: FaultKind
  readonly call: Call
  /** What the panel had instead; none: a false alarm. */
  readonly instead: FaultKind | undefined
}

export interface Matched {
  readonly episodes: readonly JudgedEpisode[]
  readonly wrong: readonly WrongCall[]
  /** Calls of any name on a panel that had nothing. */
  readonly falseAlarms: readonly Call[]
  /** Right calls beyond the first of each label. */
  readonly repeats: ReadonlyMap<FaultKind, number>
  /** Labels in which a panel was called anything but the fault's name, by fault and name. */
  readonly calledOtherwise: ReadonlyMap<FaultKind, ReadonlyMap<AnomalyKind, number>>
}

const DAY_MS = 86_400_000
/** What comes right after a fault, while its traces leave, is no false alarm. */
const AFTERMATH_MS = DAY_MS

const kindOfName: ReadonlyMap<AnomalyKind, FaultKind> = new Map(faultKinds.map((kind) => [nameOf[kind], kind]))

/**
 * Sets calls against labels. A label is found by a call of its name on its panel that is made while it lasts; a call is right
 * if it lasts at some time while a label of its name does.
 */
export function matched({ labels, calls }: JudgedYear): Matched {
  const callsOf = Map.groupBy(calls, ({ panelId }) => panelId)
  const labelsOf = Map.groupBy(labels, ({ panelId }) => panelId)
  const [wrong, falseAlarms]: [WrongCall[], Call[]] = [[], []]
  for (const call of calls) {
    const near = (labelsOf.get(call.panelId) ?? []).filter((label) => overlaps(call, label, AFTERMATH_MS))
    const kind = kindOfName.get(call.kind)
    if (near.length === 0) falseAlarms.push(call)
    if (kind && !near.some((label) => label.kind === kind)) wrong.push({ kind, call, instead: near[0]?.kind })
  }
  const isRight = (call: Call): boolean =>
    (labelsOf.get(call.panelId) ?? []).some(
      (label) => nameOf[label.kind] === call.kind && overlaps(call, label, AFTERMATH_MS),
    )
  const repeats = new Map<FaultKind, number>()
  const otherwise = new Map(faultKinds.map((kind) => [kind, new Map<AnomalyKind, number>()]))
  const judged = labels.map((label) => {
    const during = (callsOf.get(label.panelId) ?? []).filter((call) => overlaps(call, label, 0))
    const right = during.filter((call) => call.kind === nameOf[label.kind])
    const first = right.find(({ foundAt }) => foundAt > label.from && foundAt <= label.to)
    add(repeats, label.kind, Math.max(0, right.length - 1))
    const others = during.filter((call) => !isRight(call))
    for (const name of new Set(others.map((call) => call.kind))) add(otherwise.get(label.kind)!, name, 1)
    return { label, delay: first && first.foundAt - label.from }
  })
  const episodes = [...Map.groupBy(judged, ({ label }) => label.episode).values()].map((own): JudgedEpisode => {
    const delays = own.flatMap(({ delay }) => delay ?? [])
    return { kind: own[0]!.label.kind, found: delays.length, missed: own.length - delays.length, delays }
  })
  return { episodes, wrong, falseAlarms, repeats, calledOtherwise: otherwise }
}

const overlaps = (call: Call, label: FaultLabel, afterMs: number): boolean =>
  call.foundAt > label.from && call.foundAt <= label.to + afterMs + SLACK_MS
    ? true
    : call.foundAt <= label.from && call.endedAt > label.from

/** A slot that began within the fault is known when it is over. */
const SLACK_MS = 300_000

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}
