import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'
import type { ElementKind } from '../domain/element.ts'
import { logChange, nextChange } from './change-repository.ts'

/** An interruption as a test has it: instants are UTC milliseconds. */
export interface SeededInterruption {
  readonly elementKind?: ElementKind
  readonly elementId?: string
  readonly feederId?: string | null
  /** Number of the event; its own unless given. */
  readonly eventId?: number
  readonly cause?: string | null
  readonly origin?: 'internal' | 'external'
  readonly programmed?: boolean
  readonly units: readonly { readonly unitId: string; readonly from: number; readonly until: number | null }[]
}

/** Writes interruptions in one transaction, as the keeper would. @returns their numbers, and the position of the commit */
export async function seedInterruptions(
  database: Database,
  interruptions: readonly SeededInterruption[],
  at = Math.max(...interruptions.flatMap(({ units }) => units.map(({ until, from }) => until ?? from))),
): Promise<{ interruptionIds: number[]; position: number }> {
  const partitions = new Partitions(database)
  for (const { units } of interruptions)
    for (const { from } of units) await partitions.ensure('unit_interruption', from)
  return database.transaction(async (client) => {
    const position = await nextChange(client)
    const interruptionIds: number[] = []
    for (const one of interruptions) {
      const { elementKind = 'switch', elementId = 'sw-1', feederId = null, eventId, units } = one
      const started = Math.min(...units.map(({ from }) => from))
      const ended = units.some(({ until }) => until === null) ? null : Math.max(...units.map(({ until }) => until!))
      const { rows } = await client.query<{ id: number }>(
        `insert into interruption (event_id, element_kind, element_id, basis, taken_at, feeder_id, started_at, ended_at, units,
           cause, origin, programmed, evidence, changed)
         values (coalesce($1::bigint, currval(pg_get_serial_sequence('interruption', 'interruption_id'))), $2, $3, 'model',
           to_timestamp($4::float8 / 1000), $5, to_timestamp($4::float8 / 1000), to_timestamp($6::float8 / 1000), $7, $8, $9, $10,
           '{}', $11)
         returning interruption_id::float8 as id`,
        [
          ...[eventId ?? null, elementKind, elementId, started, feederId, ended, units.length],
          ...[one.cause ?? null, one.origin ?? 'internal', one.programmed ?? false, position],
        ],
      )
      interruptionIds.push(rows[0]!.id)
      await client.query(
        `insert into unit_interruption (started_at, ended_at, interruption_id, changed, unit_id, phases)
         select to_timestamp(since / 1000), to_timestamp(until / 1000), $1, $2, unit_id, 'ABC'
         from unnest($3::text[], $4::float8[], $5::float8[]) as u (unit_id, since, until)`,
        [
          ...[rows[0]!.id, position, units.map(({ unitId }) => unitId)],
          ...[units.map(({ from }) => from), units.map(({ until }) => until)],
        ],
      )
    }
    await logChange(client, position, at)
    return { interruptionIds, position }
  })
}
