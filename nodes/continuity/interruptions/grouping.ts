import type { PoolClient } from 'pg'
import { phasesOf, type Phases } from '../../../platform/network/model/phases.ts'
import type { NetworkElement } from '../domain/element.ts'
import { keyOfLoss } from '../domain/event-roots.ts'
import { matchInterruptions, type KnownInterruption, type UnitGroup } from '../domain/interruption-match.ts'
import { lostElements, type MeterLoss } from '../domain/meter-losses.ts'
import { commonEnds } from '../domain/unit-groups.ts'
import type { Piece } from '../domain/unit-outages.ts'
import {
  inheritFacts,
  insertInterruptions,
  interruptionsById,
  interruptionsOfLosses,
  meteredTransformers,
  renameInterruptions,
  type Basis,
  type NewInterruption,
  type StoredInterruption,
} from './interruption-repository.ts'
import { meterPiecesNear, type NewPiece, type SectionPiece, type StoredPiece } from './piece-repository.ts'
import { interruptionOfKey, keyOfEntry, keyOfMeterLoss, lossOfKey } from './loss-keys.ts'
import { entriesByKey, sourcesAmong } from './loss-repository.ts'
import { sectionsOfLosses, type SectionLoss } from './section-repository.ts'
import type { KnownUnit } from './unit-evidence-repository.ts'

/** A piece, and the loss from which it takes over without a gap. */
export interface GroupedPiece extends Piece {
  readonly follows: string | null
}

/** The transaction that writes. */
export interface Writing {
  /** Its number, see `nextChange`. */
  readonly changed: number
  /** The platform's time, UTC milliseconds. */
  readonly now: number
}

/** A piece of all units of a section with these phases. */
export interface PieceOfSection extends GroupedPiece {
  readonly sectionId: string
  readonly unitPhases: Phases
}

/** A piece of one unit. */
export interface PieceOfUnit extends GroupedPiece {
  readonly unitId: string
}

export interface Ungrouped {
  readonly sectionPieces: readonly PieceOfSection[]
  readonly unitPieces: readonly PieceOfUnit[]
  /** What is stored of these units. */
  readonly old: readonly StoredPiece[]
  readonly known: readonly KnownUnit[]
  /** What was known of the sections. */
  readonly gone: readonly SectionLoss[]
}

export interface Grouped {
  readonly sectionPieces: readonly SectionPiece[]
  readonly unitPieces: readonly NewPiece[]
  /** Pieces of other units that are of another interruption now. */
  readonly reassigned: readonly NewPiece[]
  /** Those that the sections' pieces were of. */
  readonly sectionInterruptions: readonly number[]
  /** All that may have changed. */
  readonly interruptionIds: readonly number[]
  readonly newIds: readonly number[]
}

/** What is known of a loss. */
interface LossFacts {
  readonly element: NetworkElement
  readonly basis: Basis
  readonly takenAt: number
  readonly root: string | null
  readonly evidence: object
}

/** A piece of whoever it is, with its loss. */
interface Placed<T> {
  readonly piece: T
  readonly loss: string
  readonly until: number | null
}

/** A piece of a unit that is not looked at, which lost supply together with one that is. */
type Neighbour = Placed<StoredPiece & { readonly phases: Phases }>

/** Finds of which interruption pieces are: one that is there, or a new one. */
export class Grouping {
  #client: PoolClient
  #toleranceMs: number
  #writing: Writing

  constructor(client: PoolClient, toleranceMs: number, writing: Writing) {
    this.#client = client
    this.#toleranceMs = toleranceMs
    this.#writing = writing
  }

  async assign(given: Ungrouped): Promise<Grouped> {
    const { sectionPieces, unitPieces, old, gone } = given
    const facts = await this.#factsOf([...sectionPieces, ...unitPieces])
    const meters = await this.#meterLosses(given, facts)
    const placed = {
      sections: sectionPieces.map((piece) => ({ piece, loss: piece.key!, until: piece.until })),
      units: unitPieces.map((piece) => ({ piece, loss: piece.key ?? meters.lossOf.get(piece)!, until: piece.until })),
      neighbours: meters.neighbours,
    }
    const all: Placed<object>[] = [...placed.sections, ...placed.units, ...placed.neighbours]
    const losses = [...new Set(all.map(({ loss }) => loss))].filter((loss) => interruptionOfKey(loss) === undefined)
    const elsewhere = await this.#elsewhere(losses, facts, sectionPieces)
    const groups = this.#groupsOf([...all, ...elsewhere], facts)
    const votes = votesOf(groups, placed.units, placed.neighbours, old)
    const standing = await this.#standing(facts, losses, gone, old, placed.neighbours)
    const known = knownOf(standing, gone, votes.total)
    const matched = matchInterruptions(groups.list, known, votes.ofGroup, this.#toleranceMs)
    const ids = await this.#idsOf(groups, matched, facts, standing, all)
    const idOf = ({ loss, until }: Placed<object>): number => {
      return interruptionOfKey(loss) ?? ids.of(groups.placeOf(loss, until))
    }
    return {
      sectionPieces: placed.sections.map((one) => ({ ...one.piece, interruptionId: idOf(one) })),
      unitPieces: joined(placed.units.map((one) => ({ ...one.piece, interruptionId: idOf(one) }))),
      reassigned: placed.neighbours.map((one) => ({ ...one.piece, interruptionId: idOf(one) })),
      sectionInterruptions: standing.filter(({ basis }) => basis === 'model').map((one) => one.interruptionId),
      interruptionIds: [...new Set([...standing.map((one) => one.interruptionId), ...ids.all, ...all.map(idOf)])],
      newIds: ids.newIds,
    }
  }

  async #factsOf(pieces: readonly Piece[]): Promise<Map<string, LossFacts>> {
    const keys = [...new Set(pieces.flatMap(({ key }) => key ?? []))]
    const entries = await entriesByKey(this.#client, keys)
    const facts = new Map<string, LossFacts>()
    for (const [key, { element, from, entryId }] of entries)
      facts.set(key, { element, basis: 'person', takenAt: from, root: null, evidence: { entryId } })
    const losses = keys.filter((key) => !facts.has(key) && interruptionOfKey(key) === undefined).map(lossOfKey)
    const sections = await sectionsOfLosses(this.#client, losses)
    const sources = await sourcesAmong(this.#client, [...new Set(losses.map(({ elementId }) => elementId))])
    for (const loss of sections) {
      const { elementId, takenAt, root } = loss
      facts.set(keyOfLoss(loss), {
        element: { kind: sources.has(elementId) ? 'source' : 'switch', id: elementId },
        ...{ basis: 'model', takenAt, root: keyOfLoss(root) },
        evidence: { operation: { switchId: elementId, at: new Date(takenAt).toISOString() } },
      })
    }
    return facts
  }

  /** What was lost where meters alone tell of it; with others of the same sections that lost supply about then. */
  async #meterLosses({ unitPieces, known }: Ungrouped, facts: Map<string, LossFacts>) {
    const units = new Map(known.map((unit) => [unit.unitId, unit]))
    const own = unitPieces.filter(({ key }) => key === null)
    const hanging = own.map((piece): MeterLoss => {
      const hung = units
        .get(piece.unitId)!
        .connections.find(({ from, until }) => from <= piece.from && piece.from < until)
      return { ...piece, transformerId: hung?.transformerId ?? null, sectionId: hung?.sectionId ?? null }
    })
    const near = [...Map.groupBy(hanging, ({ sectionId }) => sectionId)].flatMap(([sectionId, losses]) =>
      sectionId === null ? [] : [{ sectionId, ...around(losses, this.#toleranceMs) }],
    )
    const found = await meterPiecesNear(this.#client, near)
    // Of a unit that is looked at from later on, what was before stands as it is stored.
    const since = new Map(known.map(({ unitId, from }) => [unitId, from]))
    for (const { unitId, from } of unitPieces) since.set(unitId, Math.min(since.get(unitId)!, from))
    const others = found.filter(({ unitId, from }) => from < (since.get(unitId) ?? Infinity))
    const transformers = await meteredTransformers(
      this.#client,
      near.map(({ sectionId }) => sectionId),
    )
    const elements = lostElements([...hanging, ...others], transformers, this.#toleranceMs)
    const keys = elements.map(keyOfMeterLoss)
    for (const [index, { element, takenAt }] of elements.entries()) {
      const follows = own[index]?.follows
      const root = (follows && facts.get(follows)?.root) || (facts.get(keys[index]!)?.root ?? null)
      facts.set(keys[index]!, { element, basis: 'meter', takenAt, root, evidence: {} })
    }
    const neighbours = others.map((piece, index) => ({
      piece: { ...piece, phases: phasesOf(piece.phases) },
      ...{ loss: keys[own.length + index]!, until: piece.until },
    }))
    return { lossOf: new Map(own.map((piece, index) => [piece, keys[index]!])), neighbours }
  }

  /** Sections that are not looked at and lost supply through the same losses: they hold on to their interruptions. */
  async #elsewhere(
    losses: readonly string[],
    facts: ReadonlyMap<string, LossFacts>,
    sectionPieces: readonly PieceOfSection[],
  ): Promise<Placed<object>[]> {
    const looked = new Set(sectionPieces.map(({ sectionId }) => sectionId))
    const model = losses.filter((loss) => facts.get(loss)?.basis === 'model').map(lossOfKey)
    const sections = await sectionsOfLosses(this.#client, model)
    return sections
      .filter(({ sectionId }) => !looked.has(sectionId))
      .map((loss) => ({ piece: loss, loss: keyOfLoss(loss), until: loss.until }))
  }

  #groupsOf(placed: readonly Placed<object>[], facts: ReadonlyMap<string, LossFacts>) {
    const grouped = placed.filter(({ loss }) => facts.has(loss))
    const ends = commonEnds(grouped, this.#toleranceMs)
    const list: UnitGroup[] = []
    const places = new Map<string, number>()
    const common = new Map<string, number>()
    for (const [index, { loss, until }] of grouped.entries()) {
      const end = ends[index]!
      const key = `${loss} ${end}`
      const { element, takenAt } = facts.get(loss)!
      if (!places.has(key)) {
        places.set(key, list.length)
        list.push({ loss, element: `${element.kind}:${element.id}`, takenAt, until: end })
      }
      common.set(`${loss} ${until}`, places.get(key)!)
    }
    return { list, placeOf: (loss: string, until: number | null): number => common.get(`${loss} ${until}`)! }
  }

  async #standing(
    facts: ReadonlyMap<string, LossFacts>,
    losses: readonly string[],
    gone: readonly SectionLoss[],
    old: readonly StoredPiece[],
    neighbours: readonly Neighbour[],
  ): Promise<StoredInterruption[]> {
    const named = losses.flatMap((loss) => {
      const known = facts.get(loss)
      return known ? [{ elementId: known.element.id, takenAt: known.takenAt }] : []
    })
    const byLoss = await interruptionsOfLosses(this.#client, [...named, ...gone])
    const ids = [...old, ...neighbours.map(({ piece }) => piece)].map((one) => one.interruptionId)
    const byId = await interruptionsById(this.#client, [...new Set(ids)])
    return [...new Map([...byLoss, ...byId].map((one) => [one.interruptionId, one])).values()]
  }

  /** Makes the interruptions that are not there, and gives others their names. */
  async #idsOf(
    groups: { list: readonly UnitGroup[]; placeOf: (loss: string, until: number | null) => number },
    matched: ReadonlyMap<number, number>,
    facts: ReadonlyMap<string, LossFacts>,
    standing: readonly StoredInterruption[],
    needed: readonly Placed<object>[],
  ) {
    const { changed } = this.#writing
    const places = new Set(
      needed.filter(({ loss }) => facts.has(loss)).map(({ loss, until }) => groups.placeOf(loss, until)),
    )
    const asNew = (place: number): NewInterruption => {
      const { element, ...rest } = facts.get(groups.list[place]!.loss)!
      return { elementKind: element.kind, elementId: element.id, ...rest }
    }
    const missing = [...places]
      .filter((place) => !matched.has(place))
      .toSorted((one, other) => groups.list[one]!.takenAt - groups.list[other]!.takenAt || one - other)
    await renameInterruptions(
      this.#client,
      [...matched]
        .filter(([place]) => places.has(place))
        .map(([place, interruptionId]) => ({ interruptionId, ...asNew(place) })),
      changed,
    )
    const newIds = await insertInterruptions(this.#client, missing.map(asNew), changed)
    const ids = new Map([...matched, ...missing.map((place, index) => [place, newIds[index]!] as const)])
    const parents = new Map(standing.map((one) => [lossOfStored(one), one.interruptionId]))
    const heirs = missing.flatMap((place, index) => {
      const parent = parents.get(groups.list[place]!.loss)
      return parent === undefined ? [] : [{ from: parent, to: newIds[index]! }]
    })
    await inheritFacts(this.#client, heirs)
    return { of: (place: number): number => ids.get(place)!, newIds, all: [...ids.values()] }
  }
}

/** The name of a loss as pieces have it. */
function lossOfStored({ basis, elementKind, elementId, takenAt, entryId }: StoredInterruption): string {
  if (basis === 'person') return keyOfEntry(entryId!)
  return basis === 'meter'
    ? keyOfMeterLoss({ element: { kind: elementKind, id: elementId }, takenAt })
    : keyOfLoss({ elementId, takenAt })
}

const around = (losses: readonly MeterLoss[], toleranceMs: number) => ({
  from: losses.reduce((least, { from }) => Math.min(least, from), Infinity) - toleranceMs,
  until: losses.reduce((most, { from }) => Math.max(most, from), -Infinity) + toleranceMs,
})

/** In which interruptions the units of a group were, by the pieces that overlap. */
function votesOf(
  groups: { placeOf: (loss: string, until: number | null) => number },
  units: readonly Placed<PieceOfUnit>[],
  neighbours: readonly Neighbour[],
  old: readonly StoredPiece[],
) {
  const ofGroup = new Map<number, Map<number, number>>()
  const total = new Map<number, number>()
  const count = (place: number, id: number): void => {
    const votes = ofGroup.get(place) ?? new Map<number, number>()
    ofGroup.set(place, votes.set(id, (votes.get(id) ?? 0) + 1))
  }
  const stored = Map.groupBy(old, ({ unitId }) => unitId)
  for (const { piece, loss, until } of units.filter((one) => interruptionOfKey(one.loss) === undefined))
    for (const before of stored.get(piece.unitId) ?? [])
      if (before.from < (until ?? Infinity) && piece.from < (before.until ?? Infinity))
        count(groups.placeOf(loss, until), before.interruptionId)
  const members = new Map<number, Set<string>>()
  const belongs = ({ interruptionId, unitId }: StoredPiece): void => {
    members.set(interruptionId, (members.get(interruptionId) ?? new Set()).add(unitId))
  }
  for (const piece of old) belongs(piece)
  for (const { piece, loss, until } of neighbours) {
    belongs(piece)
    count(groups.placeOf(loss, until), piece.interruptionId)
  }
  for (const [id, unitIds] of members) total.set(id, unitIds.size)
  return { ofGroup, total }
}

/** An interruption is free that lasts, of which a section's loss has changed, or of which all units are looked at. */
function knownOf(
  standing: readonly StoredInterruption[],
  gone: readonly SectionLoss[],
  looked: ReadonlyMap<number, number>,
): KnownInterruption[] {
  const changed = new Set(gone.map((loss) => `${keyOfLoss(loss)} ${loss.until}`))
  return standing.map((one) => {
    const { interruptionId, elementKind, elementId, takenAt, until, units } = one
    const loss = lossOfStored(one)
    const left = units - (looked.get(interruptionId) ?? 0)
    const isOfModel = one.basis === 'model' && (until === null || changed.has(`${loss} ${until}`))
    return {
      ...{ interruptionId, loss, element: `${elementKind}:${elementId}`, takenAt, until },
      free: one.void || left <= 0 || isOfModel,
    }
  })
}

/** Pieces of one interruption that touch are one: a correction may have parted them. */
function joined(pieces: readonly NewPiece[]): NewPiece[] {
  const whole: NewPiece[] = []
  for (const piece of pieces) {
    const last = whole.at(-1)
    if (
      last &&
      last.unitId === piece.unitId &&
      last.until === piece.from &&
      last.interruptionId === piece.interruptionId
    )
      whole[whole.length - 1] = { ...last, until: piece.until, phases: (last.phases | piece.phases) as Phases }
    else whole.push(piece)
  }
  return whole
}
