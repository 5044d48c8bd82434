import { noPhase, type Phases } from '../../../platform/network/model/phases.ts'

/** What the network, or a person, says of a unit: without supply in some phases from an instant on. UTC milliseconds. */
export interface Claim {
  /** Names what the unit lost supply through, and when: claims of one loss have the same. */
  readonly key: string
  readonly from: number
  /** Null: it lasts, as far as is known. */
  readonly until: number | null
  readonly phases: Phases
  /** Whether the unit's own meter may say otherwise. */
  readonly refutable: boolean
}

/** What the unit's meter tells. */
export interface MeterEvent {
  readonly at: number
  readonly type: 'lost' | 'restored'
  readonly phases: Phases
}

/** What was decided against all evidence. */
export interface SupplyCorrection {
  /** Of the loss that a unit without supply is to count for. */
  readonly key: string
  readonly from: number
  /** Null: from then on. */
  readonly until: number | null
  readonly supplied: boolean
}

export interface UnitEvidence {
  readonly phases: Phases
  readonly claims: readonly Claim[]
  readonly events: readonly MeterEvent[]
  /** In the order in which they were decided. */
  readonly corrections: readonly SupplyCorrection[]
}

export interface EvidenceRules {
  /** Clocks of meters and switches differ by so much at most, ms: what they tell so close together is one thing. */
  readonly toleranceMs: number
  readonly meterAgainstModel: 'meter' | 'model'
}

/** A time without supply in at least one phase, of one loss. */
export interface Piece {
  readonly from: number
  readonly until: number | null
  readonly phases: Phases
  /** Of its claim; null: its meter alone knows of it. */
  readonly key: string | null
}

/** As a piece, in one phase; it lasts until infinity. */
interface Span {
  readonly from: number
  readonly until: number
  readonly phases: Phases
  readonly key: string | null
}

/**
 * When a unit was without supply in at least one of its phases: the union of what all evidence says, in pieces that do not
 * overlap, each of one loss. The loss that was first keeps the unit for as long as it holds; a following one takes over
 * without a gap. Neither the order of the evidence nor its doubling matters.
 */
export function piecesOf(evidence: UnitEvidence, rules: EvidenceRules): Piece[] {
  const { claims, corrections } = evidence
  const events = snapped(evidence.events, claims, rules.toleranceMs)
  const spans = phasesOfUnit(evidence.phases).flatMap((phase) => spansOf(phase, claims, events, rules))
  return corrected(attributed(spans), corrections, evidence.phases).map(({ until, ...piece }) => ({
    ...piece,
    until: until === Infinity ? null : until,
  }))
}

const phasesOfUnit = (phases: Phases): Phases[] => [1, 2, 4].filter((phase) => (phases & phase) !== noPhase)

const endOf = ({ until }: { readonly until: number | null }): number => until ?? Infinity

/**
 * A switch knows better when it was turned than a meter when it noticed: what a meter tells within the tolerance happened when
 * the claim begins, or ends.
 */
function snapped(events: readonly MeterEvent[], claims: readonly Claim[], toleranceMs: number): MeterEvent[] {
  const near = (at: number, bounds: readonly number[]): number =>
    bounds
      .filter((bound) => Math.abs(bound - at) <= toleranceMs)
      .toSorted((one, other) => Math.abs(one - at) - Math.abs(other - at) || one - other)[0] ?? at
  const [begins, ends] = [claims.map(({ from }) => from), claims.map(endOf)]
  const rank = { restored: 0, lost: 1 }
  return events
    .toSorted((one, other) => one.at - other.at || rank[one.type] - rank[other.type])
    .map((event) => ({ ...event, at: near(event.at, event.type === 'lost' ? begins : ends) }))
    .toSorted((one, other) => one.at - other.at)
}

function spansOf(
  phase: Phases,
  allClaims: readonly Claim[],
  allEvents: readonly MeterEvent[],
  { toleranceMs, meterAgainstModel }: EvidenceRules,
): Span[] {
  const claims = allClaims.filter(({ phases }) => (phases & phase) !== noPhase)
  const events = allEvents.filter(({ phases }) => (phases & phase) !== noPhase)
  const claimed = claims.flatMap((claim) =>
    claim.refutable && meterAgainstModel === 'meter'
      ? unrefuted(claim, events, toleranceMs)
      : [{ from: claim.from, until: endOf(claim), key: claim.key }],
  )
  return [...claimed, ...toldByMeter(events, claims)].map((span) => ({ ...span, phases: phase }))
}

/** What is left of a claim when the meter has had supply meanwhile: until it loses it again, or the claim is over. */
function unrefuted(claim: Claim, events: readonly MeterEvent[], toleranceMs: number): Omit<Span, 'phases'>[] {
  const end = endOf(claim)
  const spans: Omit<Span, 'phases'>[] = []
  const returns = returnsOf(events)
  let since: number | undefined = claim.from
  for (const { at, type } of events) {
    if (at <= claim.from || at >= end) continue
    if (type === 'lost') {
      if (spans.at(-1)?.until === at || !returns.has(at)) since ??= at
    }
    // So soon it tells of an earlier outage.
    else if (since !== undefined && at >= claim.from + toleranceMs) {
      spans.push({ from: since, until: at, key: claim.key })
      since = undefined
    }
  }
  if (since !== undefined) spans.push({ from: since, until: end, key: claim.key })
  return spans
}

/**
 * From each loss to the return that follows. A meter that loses supply while a claim holds, and tells of no return, has it back
 * with the end of the claim. A return of which no loss is known begins nothing: since when is not known.
 */
function toldByMeter(events: readonly MeterEvent[], claims: readonly Claim[]): Omit<Span, 'phases'>[] {
  const spans: Omit<Span, 'phases'>[] = []
  const returns = returnsOf(events)
  const givenBack = (since: number): number =>
    Math.max(-Infinity, ...claims.filter((claim) => claim.from <= since && since < endOf(claim)).map(endOf))
  let since: number | undefined
  const end = (until: number): void => {
    if (since !== undefined && until > since) spans.push({ from: since, until, key: null })
    since = undefined
  }
  for (const { at, type } of events) {
    const back = since === undefined ? -Infinity : givenBack(since)
    if (type === 'lost') {
      if (back > -Infinity && back <= at) end(back)
      if (spans.at(-1)?.until === at || !returns.has(at)) since ??= at
    } else if (since !== undefined) {
      // It tells of a later claim's end, whose beginning it has not told.
      const later = claims.some(
        (claim) => back > -Infinity && claim.from >= back && claim.from < at && at <= endOf(claim),
      )
      end(later ? back : at)
    }
  }
  if (since !== undefined) {
    const back = givenBack(since)
    end(back > -Infinity ? back : Infinity)
  }
  return spans
}

/**
 * When a meter tells of a return. A loss and a return of one instant are a dip, too short for its clock, where it had supply;
 * where it had none, the return comes first, and it lost supply again.
 */
const returnsOf = (events: readonly MeterEvent[]): ReadonlySet<number> =>
  new Set(events.filter(({ type }) => type === 'restored').map(({ at }) => at))

/** The union of spans, each stretch of it of one loss. */
function attributed(spans: readonly Span[]): Span[] {
  const bounds = [...new Set(spans.flatMap(({ from, until }) => [from, until]))].toSorted((one, other) => one - other)
  const pieces: Span[] = []
  for (const [index, from] of bounds.slice(0, -1).entries()) {
    const until = bounds[index + 1]!
    const active = spans.filter((span) => span.from <= from && span.until >= until)
    if (active.length === 0) continue
    const phases = active.reduce((union, span) => union | span.phases, noPhase)
    const last = pieces.at(-1)
    const goesOn = last?.until === from && active.some(({ key }) => key === last.key)
    if (goesOn) pieces[pieces.length - 1] = { ...last, until, phases: last.phases | phases }
    else pieces.push({ from, until, phases, key: firstOf(active).key })
  }
  return pieces
}

/** What others know of goes before what the meter alone knows, and the earlier before the later. */
const firstOf = (active: readonly Span[]): Span =>
  active.toSorted(
    (one, other) =>
      Number(one.key === null) - Number(other.key === null) ||
      one.from - other.from ||
      (one.key! < other.key! ? -1 : 1),
  )[0]!

function corrected(pieces: readonly Span[], corrections: readonly SupplyCorrection[], phases: Phases): Span[] {
  let now = [...pieces]
  for (const correction of corrections) {
    const until = endOf(correction)
    now = now.flatMap((piece) => [
      ...(piece.from < correction.from ? [{ ...piece, until: Math.min(piece.until, correction.from) }] : []),
      ...(piece.until > until ? [{ ...piece, from: Math.max(piece.from, until) }] : []),
    ])
    if (!correction.supplied) now.push({ from: correction.from, until, phases, key: correction.key })
    now = joined(now.toSorted((one, other) => one.from - other.from))
  }
  return now
}

/** Pieces of one loss that touch are one. */
function joined(pieces: readonly Span[]): Span[] {
  const whole: Span[] = []
  for (const piece of pieces) {
    const last = whole.at(-1)
    if (last && last.until === piece.from && last.key === piece.key)
      whole[whole.length - 1] = { ...last, until: piece.until, phases: last.phases | piece.phases }
    else whole.push(piece)
  }
  return whole
}
