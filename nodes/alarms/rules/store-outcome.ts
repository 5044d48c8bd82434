import type { PoolClient } from 'pg'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { conditionOf } from '../domain/rules/conditions.ts'
import type { MasterTable } from '../domain/definition.ts'
import { changeAlarms } from '../keeper/change-alarms.ts'
import type { Outcome } from './judged-devices.ts'
import { unitsOf } from './reading-repository.ts'
import { writeStates } from './state-repository.ts'

/** What judging needs to know of the rest. */
export interface Surroundings {
  /** The master alarm table as it holds. */
  readonly table: MasterTable
  /** UTC milliseconds. */
  readonly now: number
  /** Feeder of a device, as the registry knows it. */
  readonly feederOf: (deviceId: string) => string | undefined
}

/** Stores what came of judging: what is remembered, and the alarms that come of it. */
export async function storeOutcome(
  client: PoolClient,
  { changes, rows }: Outcome,
  around: Surroundings,
): Promise<void> {
  const queries = queriesOf(client)
  await writeStates(queries, rows)
  if (changes.length === 0) return
  const { table, now, feederOf } = around
  const units = await unitsOf(queries, [...new Set(changes.map(({ deviceId }) => deviceId))], now)
  const conditions = changes.map((change) => {
    const { deviceId } = change
    return conditionOf(change, deviceId, { feederId: feederOf(deviceId), unitId: units.get(deviceId) })
  })
  await changeAlarms(
    client,
    conditions.map((condition) => ({ condition, by: null })),
    table,
    now,
  )
}
