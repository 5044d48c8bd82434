import { publicCause } from './causes.ts'

/** Units of one municipality and conjunto that are without supply for the same reason. Instants are UTC milliseconds. */
export interface UnitsOut {
  /** IBGE code; null: the registry does not say. */
  readonly municipalityCode: number | null
  readonly conjuntoId: string | null
  readonly conjuntoName: string | null
  readonly units: number
  /** The first of them. */
  readonly since: number
  readonly programmed: boolean
  readonly origin: 'internal' | 'external'
  /** As it is told; null: not known yet. */
  readonly cause: string | null
  /** When the last of them is expected to have supply again; null: of some nobody has said. */
  readonly restoredBy: number | null
}

/** What the public is told of one municipality and conjunto. */
export interface MapArea {
  readonly municipalityCode: number | null
  readonly conjuntoId: string | null
  readonly conjuntoName: string | null
  /** Null: some, but so few that they could be told from each other; then nothing else is said of them. */
  readonly unitsOut: number | null
  readonly since: number | null
  /** Causes, those of the most units first. */
  readonly causes: readonly MapCause[]
  readonly restoredBy: number | null
}

export interface MapCause {
  readonly programmed: boolean
  readonly origin: 'internal' | 'external'
  /** In official words. */
  readonly cause: string | null
}

/** The public outage map. */
export interface OutageMap {
  /** Fewer units than that are not told by number. */
  readonly leastUnits: number
  /** Units of the areas whose number is told: the others do not follow from it. */
  readonly unitsOut: number
  readonly areas: readonly MapArea[]
}

/**
 * The public map of what is out: by municipality and conjunto, in their order.
 * @param leastUnits  an area with fewer units out is named, and nothing more is said of it: of one or two units it would tell who
 *   was without supply, since when, and whether somebody's work or fault was the cause
 */
export function outageMap(out: Iterable<UnitsOut>, leastUnits: number): OutageMap {
  const byArea = Map.groupBy(out, ({ municipalityCode, conjuntoId }) => JSON.stringify([municipalityCode, conjuntoId]))
  const areas = [...byArea.values()].map((those) => areaOf(those, leastUnits)).toSorted(byPlace)
  return { leastUnits, unitsOut: areas.reduce((sum, { unitsOut }) => sum + (unitsOut ?? 0), 0), areas }
}

function areaOf(those: readonly UnitsOut[], leastUnits: number): MapArea {
  const { municipalityCode, conjuntoId, conjuntoName } = those[0]!
  const place = { municipalityCode, conjuntoId, conjuntoName }
  const units = those.reduce((sum, one) => sum + one.units, 0)
  if (units < leastUnits) return { ...place, unitsOut: null, since: null, causes: [], restoredBy: null }
  const estimates = those.map(({ restoredBy }) => restoredBy)
  return {
    ...place,
    unitsOut: units,
    since: Math.min(...those.map(({ since }) => since)),
    causes: those
      .toSorted((one, other) => other.units - one.units || (one.cause ?? '').localeCompare(other.cause ?? '', 'pt-BR'))
      .map(({ programmed, origin, cause }) => ({ programmed, origin, cause: publicCause(cause) })),
    restoredBy: estimates.includes(null) ? null : Math.max(...(estimates as number[])),
  }
}

/** What has no municipality or conjunto comes last. */
const byPlace = (one: MapArea, other: MapArea): number =>
  (one.municipalityCode ?? Infinity) - (other.municipalityCode ?? Infinity) ||
  (one.conjuntoId ?? '\uffff').localeCompare(other.conjuntoId ?? '\uffff', 'en', { numeric: true }) ||
  0
