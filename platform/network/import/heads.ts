import type { Faults } from './faults.ts'
import type { MergedNetwork } from './merge.ts'
import type { Known } from './network.ts'
import type { Tables } from './tables.ts'

/**
 * Faults: what stands at the head of a feeder is no meter, stands at two, or measures a unit, whose consumption would be the
 * feeder's.
 */
export function checkHeads(tables: Tables, merged: MergedNetwork, known: Known, faults: Faults): void {
  const feedersOf = new Map<string, string[]>()
  for (const { feeder_id, head_meter_id } of new Map([...known.feeders, ...merged.feeders.rows]).values())
    if (head_meter_id !== null) feedersOf.set(head_meter_id, [...(feedersOf.get(head_meter_id) ?? []), feeder_id])
  const unitOf = new Map<string, string>(known.assignments.map(({ device_id, unit_id }) => [device_id, unit_id]))
  for (const { cells } of tables.meters?.lines ?? [])
    if (cells.device_id && cells.unit_id) unitOf.set(cells.device_id, cells.unit_id)

  for (const { line, cells } of tables.feeders?.lines ?? []) {
    const meter = cells.head_meter_id
    if (meter == null) continue
    const fault = (problem: string): void =>
      faults.add({ file: tables.feeders!.file, line, column: 'head_meter_id', value: meter, problem })
    const kind = (merged.devices.rows.get(meter) ?? known.devices.get(meter))?.kind
    if (kind === null) fault('a device of unknown kind: list it in devices.csv')
    else if (kind !== undefined && kind !== 'meter') fault(`a ${kind}, not a meter`)
    const other = feedersOf.get(meter)?.find((feeder) => feeder !== cells.feeder_id)
    if (other !== undefined) fault(`which is at the head of feeder ${other}`)
    const unit = unitOf.get(meter)
    if (unit !== undefined) fault(`which is or was the meter of unit ${unit}`)
  }
  for (const { line, cells } of tables.meters?.lines ?? []) {
    const feeder = cells.device_id && feedersOf.get(cells.device_id)?.[0]
    if (!feeder) continue
    const problem = `which is at the head of feeder ${feeder}`
    faults.add({ file: tables.meters!.file, line, column: 'device_id', value: cells.device_id!, problem })
  }
  for (const { line, cells } of tables.devices?.lines ?? []) {
    const feeder = cells.device_id && cells.kind && cells.kind !== 'meter' && feedersOf.get(cells.device_id)?.[0]
    if (!feeder) continue
    const problem = `but ${cells.device_id} is at the head of feeder ${feeder}`
    faults.add({ file: tables.devices!.file, line, column: 'kind', value: cells.kind!, problem })
  }
}
