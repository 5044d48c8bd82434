import type { PoolClient } from 'pg'
import { phasesOf } from '../../../platform/network/model/phases.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { piecesOf, type EvidenceRules } from '../domain/unit-outages.ts'
import { Grouping, type PieceOfSection, type PieceOfUnit, type Writing } from './grouping.ts'
import { dropEmpty, refreshInterruptions } from './interruption-repository.ts'
import {
  piecesOfUnits,
  reassignPieces,
  writePieces,
  writeSectionPieces,
  type SectionDifference,
} from './piece-repository.ts'
import { lossesOfSections, type SectionLoss } from './section-repository.ts'
import { renewSectionLosses, type ChangedSections } from './section-losses.ts'
import {
  claimsOf,
  knownUnits,
  reachingBack,
  unitsOfTheirOwn,
  type KnownUnit,
  type TouchedUnit,
} from './unit-evidence-repository.ts'

/** What new evidence is of. Instants are UTC milliseconds. */
export interface Touched {
  /** From when on switches or the network are not as was known; null: they are. */
  readonly networkFrom: number | null
  /** Units of which more is known, each from when on. */
  readonly units: readonly TouchedUnit[]
}

const dayMs = 86_400_000
const always = { from: -Infinity, until: Infinity }

/**
 * Computes again, from the stored evidence, what new evidence touches, and writes what differs: interruptions, and when their
 * units were without supply. In a transaction that has taken its number before it wrote the evidence.
 */
export async function computeInterruptions(client: PoolClient, touched: Touched, writing: Writing): Promise<void> {
  const rules = await evidenceRules(client)
  const changed: ChangedSections =
    touched.networkFrom === null
      ? { since: new Map(), known: [] }
      : await renewSectionLosses(client, touched.networkFrom)
  const { sections, losses } = await sectionsSince(client, changed)
  const own = earliest([...touched.units, ...(await unitsOfTheirOwn(client, sections, rules.toleranceMs))])
  if (own.length + sections.length === 0) return
  const known = await knownUnits(client, own.length > 0 ? await reachingBack(client, own, rules.toleranceMs) : [])
  const unitPieces = known.flatMap((unit) => piecesOfUnit(unit, rules))
  const units = startingWith(known, unitPieces)
  const sectionPieces = sections.flatMap((section) => piecesOfSection(section, losses, rules))

  const grouping = new Grouping(client, rules.toleranceMs, writing)
  const old = await piecesOfUnits(client, units)
  const groups = await grouping.assign({ sectionPieces, unitPieces, old, known, gone: changed.known })
  await writeSectionPieces(
    client,
    sections,
    groups.sectionPieces,
    {
      except: units.map(({ unitId }) => unitId),
      known: groups.sectionInterruptions,
      difference: differenceOf(sections, sectionPieces, changed.known, rules),
      mayReachLess:
        changed.known.some(({ until }) => until !== null) ||
        sectionPieces.some(({ until }) => until !== null && until < writing.now - dayMs),
    },
    writing,
  )
  await writePieces(client, units, groups.unitPieces, writing)
  await reassignPieces(client, groups.reassigned, writing.changed)
  await refreshInterruptions(client, groups.interruptionIds, writing.changed)
  await dropEmpty(client, groups.newIds)
}

/** How evidence is taken, as the options say. */
export async function evidenceRules(client: PoolClient): Promise<EvidenceRules> {
  const choices = await regulationChoices(queriesOf(client))
  return {
    toleranceMs: choices['continuity-clock-tolerance-seconds'] * 1_000,
    meterAgainstModel: choices['continuity-meter-against-model'],
  }
}

function earliest(units: readonly TouchedUnit[]): TouchedUnit[] {
  const since = new Map<string, number>()
  for (const { unitId, from } of units) since.set(unitId, Math.min(since.get(unitId) ?? Infinity, from))
  return [...since].map(([unitId, from]) => ({ unitId, from }))
}

interface SectionSince {
  readonly sectionId: string
  readonly from: number
}

/** Sections with the instant from which on they are looked at, when nothing lasted; and when they were without supply. */
async function sectionsSince(
  client: PoolClient,
  { since }: ChangedSections,
): Promise<{ sections: SectionSince[]; losses: ReadonlyMap<string, readonly SectionLoss[]> }> {
  const changed = [...since].map(([sectionId, from]) => ({ sectionId, from }))
  if (changed.length === 0) return { sections: [], losses: new Map() }
  const losses = Map.groupBy(await lossesOfSections(client, changed), ({ sectionId }) => sectionId)
  const sections = changed.map(({ sectionId, from }) => {
    // Newest first: each that lasted then begins earlier.
    const start = (losses.get(sectionId) ?? [])
      .toReversed()
      .reduce((at, loss) => ((loss.until ?? Infinity) >= at ? Math.min(at, loss.from) : at), from)
    return { sectionId, from: start }
  })
  return { sections, losses }
}

function piecesOfUnit(unit: KnownUnit, rules: EvidenceRules): PieceOfUnit[] {
  const pieces = piecesOf(unit, rules)
  return pieces.flatMap((piece, index) => {
    if (piece.until !== null && piece.until <= unit.from) return []
    const before = pieces[index - 1]
    return [{ unitId: unit.unitId, ...piece, follows: before?.until === piece.from ? before.key : null }]
  })
}

/** From where on what is stored of units is replaced: from the beginning of what reaches into the time looked at. */
function startingWith(known: readonly KnownUnit[], pieces: readonly PieceOfUnit[]): TouchedUnit[] {
  const first = new Map<string, number>()
  for (const { unitId, from } of pieces) first.set(unitId, Math.min(first.get(unitId) ?? Infinity, from))
  return known.map(({ unitId, from }) => ({ unitId, from: Math.min(from, first.get(unitId) ?? Infinity) }))
}

/** How the pieces of sections differ from what follows from what was known of them. */
function differenceOf(
  sections: readonly SectionSince[],
  pieces: readonly PieceOfSection[],
  known: readonly SectionLoss[],
  rules: EvidenceRules,
): SectionDifference {
  if (known.length === 0) return 'new'
  const losses = Map.groupBy(known, ({ sectionId }) => sectionId)
  const begins = (of: readonly PieceOfSection[]): string =>
    JSON.stringify(of.map(({ sectionId, unitPhases, from }) => [sectionId, unitPhases, from]))
  const before = sections.flatMap((section) => piecesOfSection(section, losses, rules))
  return begins(before) === begins(pieces) ? 'ends' : 'any'
}

const combinations = ['A', 'B', 'C', 'AB', 'AC', 'BC', 'ABC'].map(phasesOf)

/** By the phases that units have: what all of them have in common who hang there. */
function piecesOfSection(
  { sectionId, from }: SectionSince,
  losses: ReadonlyMap<string, readonly SectionLoss[]>,
  rules: EvidenceRules,
): PieceOfSection[] {
  return combinations.flatMap((unitPhases) => {
    const claims = claimsOf({ phases: unitPhases, ...always }, losses.get(sectionId) ?? [], from)
    return piecesOf({ phases: unitPhases, claims, events: [], corrections: [] }, rules)
      .filter((piece) => piece.from >= from)
      .map((piece) => ({ ...piece, sectionId, unitPhases, follows: null }))
  })
}
