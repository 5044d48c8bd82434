import type { Faults } from './faults.ts'
import { checkHeads } from './heads.ts'
import type { MergedNetwork } from './merge.ts'
import type { Feeder, Known, Named } from './network.ts'
import type { Cells, Table, TableName, Tables } from './tables.ts'

type Target = 'feeders' | 'sites' | 'conjuntos' | 'devices' | 'units' | 'transformers'

/** The columns that name a row of another table. */
const references: readonly { from: TableName; column: string; to: Target; noun: string }[] = [
  { from: 'feeders', column: 'parent_feeder_id', to: 'feeders', noun: 'feeder' },
  { from: 'feeders', column: 'head_meter_id', to: 'devices', noun: 'device' },
  { from: 'sites', column: 'feeder_id', to: 'feeders', noun: 'feeder' },
  { from: 'devices', column: 'site_id', to: 'sites', noun: 'site' },
  { from: 'devices', column: 'feeder_id', to: 'feeders', noun: 'feeder' },
  { from: 'units', column: 'site_id', to: 'sites', noun: 'site' },
  { from: 'units', column: 'feeder_id', to: 'feeders', noun: 'feeder' },
  { from: 'units', column: 'conjunto_id', to: 'conjuntos', noun: 'conjunto' },
  { from: 'meters', column: 'unit_id', to: 'units', noun: 'unit' },
  { from: 'meters', column: 'device_id', to: 'devices', noun: 'device' },
  { from: 'sources', column: 'feeder_id', to: 'feeders', noun: 'feeder' },
  { from: 'supplies', column: 'unit_id', to: 'units', noun: 'unit' },
  { from: 'supplies', column: 'transformer_id', to: 'transformers', noun: 'transformer' },
  { from: 'services', column: 'unit_id', to: 'units', noun: 'unit' },
]

/** Everything the files name, be it their own or not: what has to be looked up before the references are checked. */
export function namedIn(tables: Tables): Named {
  const ids = (...columns: [TableName, string][]) =>
    new Set(columns.flatMap(([name, column]) => idsIn(tables, name, column)))
  return {
    sites: ids(['sites', 'site_id'], ['devices', 'site_id'], ['units', 'site_id']),
    devices: ids(['devices', 'device_id'], ['meters', 'device_id'], ['feeders', 'head_meter_id']),
    units: ids(['units', 'unit_id'], ['meters', 'unit_id'], ['supplies', 'unit_id'], ['services', 'unit_id']),
    sources: ids(['sources', 'source_id']),
    switches: ids(['switches', 'switch_id']),
    earthings: ids(['earthings', 'earth_switch_id']),
    transformers: ids(['transformers', 'transformer_id'], ['supplies', 'transformer_id']),
  }
}

/** Faults: what is named exists neither in the files nor in the registry, a meter is none, feeders in a circle. */
export function checkReferences(tables: Tables, merged: MergedNetwork, known: Known, faults: Faults): void {
  const transformers = new Set([
    ...known.transformers.map(({ transformer_id }) => transformer_id),
    ...idsIn(tables, 'transformers', 'transformer_id'),
  ])
  const isKnown = (to: Target, id: string): boolean =>
    to === 'transformers' ? transformers.has(id) : merged[to].rows.has(id) || known[to].has(id)
  for (const { from, column, to, noun } of references) {
    const table: Table<TableName> | undefined = tables[from]
    // Of a file that could not be read whole nobody knows what is missing from it.
    if (!table || tables[to]?.complete === false) continue
    for (const { line, cells } of table.lines) {
      const id = (cells as Record<string, string | null | undefined>)[column]
      if (id == null || isKnown(to, id)) continue
      faults.add({ file: table.file, line, column, value: id, problem: `a ${noun} that nobody knows` })
    }
  }
  checkMeters(tables, merged, known, faults)
  checkHeads(tables, merged, known, faults)
  checkCircles(tables.feeders, merged.feeders.rows, known.feeders, faults)
}

function checkMeters(tables: Tables, merged: MergedNetwork, known: Known, faults: Faults): void {
  for (const { line, cells } of tables.meters?.lines ?? []) {
    const device = cells.device_id && (merged.devices.rows.get(cells.device_id) ?? known.devices.get(cells.device_id))
    if (!device || device.kind === 'meter') continue
    const problem =
      device.kind === null ? 'a device of unknown kind: list it in devices.csv' : `a ${device.kind}, not a meter`
    faults.add({ file: tables.meters!.file, line, column: 'device_id', value: device.device_id, problem })
  }
  const unitOf = new Map(known.assignments.map(({ device_id, unit_id }) => [device_id, unit_id]))
  for (const { line, cells } of tables.devices?.lines ?? []) {
    const unit = cells.device_id && cells.kind && cells.kind !== 'meter' && unitOf.get(cells.device_id)
    if (!unit) continue
    const problem = `but ${cells.device_id} is or was the meter of unit ${unit}`
    faults.add({ file: tables.devices!.file, line, column: 'kind', value: cells.kind!, problem })
  }
}

/** Each circle is told once, at the first line of the file that is part of it, with all its feeders. */
function checkCircles(
  table: Table<'feeders'> | undefined,
  merged: ReadonlyMap<string, Feeder>,
  known: ReadonlyMap<string, Feeder>,
  faults: Faults,
): void {
  if (!table) return
  const lineOf = new Map<string, number>()
  for (const { line, cells } of table.lines) {
    if (cells.feeder_id !== undefined && !lineOf.has(cells.feeder_id)) lineOf.set(cells.feeder_id, line)
  }
  const seen = new Set<string>()
  for (const start of lineOf.keys()) {
    const way = new Set<string>()
    let at: string | null | undefined = start
    while (at != null && !seen.has(at)) {
      seen.add(at)
      way.add(at)
      at = (merged.get(at) ?? known.get(at))?.parent_feeder_id
    }
    if (at == null || !way.has(at)) continue
    const circle = [...way].slice([...way].indexOf(at))
    const lines = circle.flatMap((id) => lineOf.get(id) ?? [])
    if (lines.length === 0) continue
    const first = circle.findIndex((id) => lineOf.get(id) === Math.min(...lines))
    const named = [...circle.slice(first), ...circle.slice(0, first), circle[first]!]
    faults.add({
      file: table.file,
      line: Math.min(...lines),
      column: 'parent_feeder_id',
      value: named[1]!,
      problem: `and the feeders hang in a circle: ${shortened(named).join(' → ')}`,
    })
  }
}

const shortened = (names: readonly string[]): readonly string[] =>
  names.length <= 12 ? names : [...names.slice(0, 8), `… ${names.length - 11} more …`, ...names.slice(-3)]

function idsIn(tables: Tables, name: TableName, column: string): string[] {
  const table: Table<TableName> | undefined = tables[name]
  return (table?.lines ?? []).flatMap(
    ({ cells }) => (cells as Cells<TableName> & Record<string, string | null>)[column] ?? [],
  )
}
