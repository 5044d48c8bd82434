import type { Faults } from './faults.ts'
import { kept } from './cells.ts'
import type {
  EarthingPeriod,
  Known,
  Period,
  SourcePeriod,
  SupplyPeriod,
  SwitchPeriod,
  TransformerPeriod,
} from './network.ts'
import { type Given, mergePeriods, type PeriodChanges } from './periods.ts'
import { type Cells, isFaulty, type Line, type Table, type TableName, type Tables } from './tables.ts'

export const elementTables = ['sources', 'switches', 'earthings', 'transformers', 'supplies'] as const
export type ElementTable = (typeof elementTables)[number]

/** What becomes of what has periods in which it is as told: the network between sources and units. */
export interface MergedElements {
  readonly sources: PeriodChanges<SourcePeriod>
  readonly switches: PeriodChanges<SwitchPeriod>
  readonly earthings: PeriodChanges<EarthingPeriod>
  readonly transformers: PeriodChanges<TransformerPeriod>
  readonly supplies: PeriodChanges<SupplyPeriod>
}

/** The column that names an element, and what a person calls one. */
export const elementNames = {
  sources: { id: 'source_id', noun: 'source' },
  switches: { id: 'switch_id', noun: 'switch' },
  earthings: { id: 'earth_switch_id', noun: 'earth switch' },
  transformers: { id: 'transformer_id', noun: 'transformer' },
  supplies: { id: 'unit_id', noun: 'supply of unit' },
} as const satisfies Record<ElementTable, { id: string; noun: string }>

/**
 * Lays the files over the known periods. Without `valid_from` something always was as told; with it, it is so from then
 * on, and what it was before ends there. What a line does not say stays as it was before.
 * Faults: as of all periods, and values that do not go together.
 */
export function mergeElements(tables: Tables, known: Known, faults: Faults): MergedElements {
  return {
    sources: mergeTable('sources', tables.sources, known.sources, faults, (cells, now) => ({
      section_id: cells.section_id ?? now?.section_id ?? '',
      feeder_id: kept(cells.feeder_id, now?.feeder_id),
      substation_id: kept(cells.substation_id, now?.substation_id),
      phases: kept(cells.phases, now?.phases) ?? 'ABC',
      recloses: kept(cells.recloses, now?.recloses) ?? false,
    })),
    switches: mergeTable('switches', tables.switches, known.switches, faults, (cells, now, { line }) => {
      const { section_a, section_b } = cells
      if (section_a !== undefined && section_a === section_b) {
        const problem = 'which is section_a already: a switch joins two sections'
        faults.add({ file: tables.switches!.file, line, column: 'section_b', value: section_b, problem })
      }
      return {
        section_a: section_a ?? '',
        section_b: section_b ?? '',
        normally_closed: cells.normally_closed ?? true,
        load_break: kept(cells.load_break, now?.load_break) ?? false,
        phases: kept(cells.phases, now?.phases) ?? 'ABC',
        recloses: kept(cells.recloses, now?.recloses) ?? false,
      }
    }),
    earthings: mergeTable('earthings', tables.earthings, known.earthings, faults, (cells, now) => ({
      section_id: cells.section_id ?? now?.section_id ?? '',
    })),
    transformers: mergeTable('transformers', tables.transformers, known.transformers, faults, (cells, now) => ({
      section_id: cells.section_id ?? '',
      phases: kept(cells.phases, now?.phases) ?? 'ABC',
    })),
    supplies: mergeTable('supplies', tables.supplies, known.supplies, faults, (cells, _, { line }) => {
      const { transformer_id = null, section_id = null } = cells
      const table = tables.supplies!
      const isTold = isFaulty(table, cells, 'transformer_id') || isFaulty(table, cells, 'section_id')
      if ((transformer_id === null) === (section_id === null) && !isTold) {
        const problem = `a unit hangs on a transformer or on a section: give one${section_id === null ? '' : ', not both'}`
        faults.add({ file: table.file, line, problem })
      }
      return { transformer_id, section_id }
    }),
  }
}

function mergeTable<N extends ElementTable, P extends Period>(
  name: N,
  table: Table<N> | undefined,
  known: readonly P[],
  faults: Faults,
  rest: (cells: Cells<N>, now: P | undefined, line: Line<N>) => Partial<P>,
): PeriodChanges<P> {
  if (!table) return { changes: [], added: 0, changed: 0, unchanged: 0, closed: [] }
  const { id, noun } = elementNames[name]
  const idOf = (period: P): string => (period as unknown as Record<string, string>)[id]!
  const byId = Map.groupBy(known, idOf)
  const given = table.lines.flatMap((line): Given<P>[] => {
    const cells = line.cells as Cells<N> & Partial<Record<string, unknown>>
    const name = cells[id] as string | undefined
    if (name === undefined || hasFaultyBounds(table, line.cells)) return []
    const valid_from = (cells['valid_from'] as number | null | undefined) ?? -Infinity
    const before = (byId.get(name) ?? []).filter((period) => period.valid_from <= valid_from)
    const now = before.toSorted((one, other) => one.valid_from - other.valid_from).at(-1)
    const isSame = now?.valid_from === valid_from
    const end = cells['valid_to'] as number | null | undefined
    const valid_to = (end === undefined && isSame ? now?.valid_to : end) ?? Infinity
    return [
      { [id]: name, ...rest(line.cells, now, line), valid_from, valid_to, line: line.line } as unknown as Given<P>,
    ]
  })
  const kind = {
    nameOf: idOf,
    groupsOf: (period: P) => [idOf(period)],
    describe: (period: P) => `${noun} ${idOf(period)}`,
    named: `this ${id} and beginning`,
  }
  return mergePeriods(table.file, given, known, kind, faults)
}

const hasFaultyBounds = <N extends TableName>(table: Table<N>, cells: Cells<N>): boolean =>
  (['valid_from', 'valid_to'] as const).some((column) => isFaulty(table, cells, column as keyof Cells<N> & string))
