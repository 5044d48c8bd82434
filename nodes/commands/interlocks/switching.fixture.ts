import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'

/** A Tuesday at ten in the morning in São Paulo, before no holiday. */
export const tuesday = Date.UTC(2026, 10, 24, 13)

/** What a switch says of itself. */
export interface Said {
  readonly at?: number
  readonly position?: 'open' | 'closed' | 'intermediate'
  readonly mode?: 'remote' | 'local'
  readonly quality?: 'good' | 'questionable' | 'invalid'
  readonly tripped?: boolean
  readonly recloseBlocked?: boolean
  readonly amperes?: number
}

/**
 * Two feeders that a tie joins, each with a source, a switch and two sections; behind the first one's last a fuse without load break.
 *
 *     src-a ── a1 ─[ sw-a ]─ a2 ─[ tie, open ]─ b2 ─[ sw-b ]─ b1 ── src-b
 *                            │└─[ fu-a ]─ a3
 *                          tr-a2 ─ u-1 (meter m-1)
 *
 * Earth switches es-a2 and es-b1 at a2 and b1. `sw-a` recloses. All are devices.
 */
export async function buildSwitchedField(database: Database): Promise<void> {
  await database.query(`insert into network_source (source_id, section_id) values ('src-a', 'a1'), ('src-b', 'b1')`)
  await database.query(`insert into network_switch (switch_id, section_a, section_b, normally_closed, load_break, recloses)
    values ('sw-a', 'a1', 'a2', true, true, true), ('sw-b', 'b1', 'b2', true, true, false),
      ('tie', 'a2', 'b2', false, true, false), ('fu-a', 'a2', 'a3', true, false, false)`)
  await database.query(`insert into network_earth_switch (earth_switch_id, section_id)
    values ('es-a2', 'a2'), ('es-b1', 'b1')`)
  await database.query(`insert into network_transformer (transformer_id, section_id) values ('tr-a2', 'a2')`)
  await database.query(`insert into consumer_unit (unit_id, nominal_voltage_v) values ('u-1', 220)`)
  await database.query(`insert into unit_supply (unit_id, transformer_id) values ('u-1', 'tr-a2')`)
  await database.query(`insert into device (device_id, kind, status)
    select id, 'switch', 'active' from unnest(array['src-a', 'src-b', 'sw-a', 'sw-b', 'tie', 'fu-a', 'es-a2', 'es-b1']) id`)
  await database.query(`insert into device (device_id, kind, status) values ('m-1', 'meter', 'active')`)
  await database.query(
    `insert into meter_assignment select 'u-1', device_key, '(,)' from device where device_id = 'm-1'`,
  )
}

/** What a device sent as its state, as telemetry stores it. */
export async function say(database: Database, switchId: string, said: Said = {}): Promise<void> {
  const { at = tuesday, position = 'closed', mode = 'remote', quality = 'good' } = said
  await new Partitions(database).ensure('switch_reading', at)
  const word = (is: boolean | undefined) => (is === undefined ? null : is ? 'yes' : 'no')
  await database.query(
    `insert into switch_reading (at, batch_id, device_key, quality, position, mode, tripped, reclose_blocked, ia_a, ib_a, ic_a)
     select to_timestamp($2::float8 / 1000), 1, device_key, $3, $4, $5, $6, $7, $8, $8, $8 from device where device_id = $1`,
    [...[switchId, at, quality, position, mode, word(said.tripped), word(said.recloseBlocked)], said.amperes ?? null],
  )
}

/** All of it says how it stands normally. */
export async function sayAllIsNormal(database: Database, at = tuesday): Promise<void> {
  for (const id of ['src-a', 'src-b', 'sw-b', 'fu-a']) await say(database, id, { at })
  await say(database, 'sw-a', { at, recloseBlocked: false })
  for (const id of ['tie', 'es-a2', 'es-b1']) await say(database, id, { at, position: 'open' })
}
