import { afterEach, before } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { consumerName, InterruptionKeeper, type KeeperOptions } from './keeper.ts'

export const noon = Date.UTC(2026, 10, 21, 12)
export const minuteMs = 60_000

/** Something that a device told: `at` in minutes after noon. */
export interface GivenEvent {
  readonly device: string
  readonly at: number
  readonly type: 'power_lost' | 'power_restored' | 'switch_opened' | 'switch_closed'
  readonly phases?: string
  readonly quality?: 'good' | 'late' | 'server-time' | 'invalid'
}

export interface GivenPosition {
  readonly switchId: string
  readonly at: number
  readonly position: 'open' | 'closed' | 'intermediate'
}

export const lost = (device: string, at: number, rest: Partial<GivenEvent> = {}): GivenEvent => ({
  ...{ device, at, type: 'power_lost', ...rest },
})
export const restored = (device: string, at: number): GivenEvent => ({ device, at, type: 'power_restored' })
export const opened = (device: string, at: number, phases?: string): GivenEvent => ({
  ...{ device, at, type: 'switch_opened', ...(phases !== undefined && { phases }) },
})
export const closed = (device: string, at: number, phases?: string): GivenEvent => ({
  ...opened(device, at, phases),
  type: 'switch_closed',
})

/**
 * Two feeders, each a source and three sections in a row (a1 a2 a3, b1 b2 b3) behind breakers of the sources' names (fa, fb) with
 * switches between (sw-a2, sw-a3, sw-b2, sw-b3) and a tie from a3 to b3; on each section two transformers (a1-1, a1-2) of two
 * units each (a1-1-1), every one with a meter (m-a1-1-1).
 */
export class SuppliedField {
  readonly errors: unknown[] = []
  readonly #place: { readonly database: Database }
  #partitions: Partitions | undefined
  #keepers = new Set<InterruptionKeeper>()
  #eventNumber = 0

  /** @param place  where its database is, once anything is asked of it */
  constructor(place: { readonly database: Database }) {
    this.#place = place
  }

  get database(): Database {
    return this.#place.database
  }

  /** One commit, and all that the keeper makes of it. */
  readonly told = async (...events: GivenEvent[]): Promise<void> => {
    await this.store(events)
    await this.settled()
  }

  async build(): Promise<void> {
    const { database } = this
    await database.query(`insert into feeder (feeder_id) values ('fa'), ('fb')`)
    await database.query(`insert into network_source (source_id, section_id, feeder_id, substation_id) values
      ('fa', 'a1', 'fa', 'se-1'), ('fb', 'b1', 'fb', 'se-1')`)
    await database.query(`insert into network_switch (switch_id, section_a, section_b, normally_closed, load_break) values
      ('sw-a2', 'a1', 'a2', true, true), ('sw-a3', 'a2', 'a3', true, true),
      ('sw-b2', 'b1', 'b2', true, true), ('sw-b3', 'b2', 'b3', true, true), ('tie', 'a3', 'b3', false, true)`)
    await database.query(`insert into device (device_id, kind, status)
      select id, 'switch', 'active' from unnest(array['fa', 'fb', 'sw-a2', 'sw-a3', 'sw-b2', 'sw-b3', 'tie']) as id`)
    await database.query(`insert into network_transformer (transformer_id, section_id)
      select f || s || '-' || t, f || s from unnest(array['a', 'b']) f, generate_series(1, 3) s, generate_series(1, 2) t`)
    await database.query(`insert into consumer_unit (unit_id, feeder_id, phases, nominal_voltage_v)
      select transformer_id || '-' || u, 'f' || left(transformer_id, 1), 'ABC', 220
      from network_transformer, generate_series(1, 2) u`)
    await database.query(`insert into unit_supply (unit_id, transformer_id)
      select unit_id, left(unit_id, 4) from consumer_unit`)
    await database.query(
      `insert into device (device_id, kind, status) select 'm-' || unit_id, 'meter', 'active' from consumer_unit`,
    )
    await database.query(`insert into meter_assignment
      select substr(device_id, 3), device_key, '(,)' from device where kind = 'meter'`)
  }

  /** One commit. The same event given twice has one number each time it is told anew. */
  async store(events: readonly GivenEvent[], positions: readonly GivenPosition[] = []): Promise<void> {
    const instants = [...events, ...positions].map(({ at }) => noon + at * minuteMs)
    for (const { at } of positions)
      await (this.#partitions ??= new Partitions(this.database)).ensure('switch_reading', noon + at * minuteMs)
    await this.database.transaction(async (client) => {
      await client.query(`select nextval('batch_number')`)
      for (const { device, at, type, phases, quality } of events)
        await client.query(
          `insert into field_event (device_key, event_id, at, received_at, batch_id, type, quality, phases)
           select device_key, $2::text, to_timestamp($3::float8 / 1000), to_timestamp($3::float8 / 1000), currval('batch_number'),
             $4::text::field_event_type, $5::text::reading_quality, $6
           from device where device_id = $1`,
          [device, `e${++this.#eventNumber}`, noon + at * minuteMs, type, quality ?? 'good', phases ?? null],
        )
      for (const { switchId, at, position } of positions)
        await client.query(
          `insert into switch_reading (at, batch_id, device_key, quality, position, mode)
           select to_timestamp($2::float8 / 1000), currval('batch_number'), device_key, 'good', $3::text::switch_position, 'remote'
           from device where device_id = $1`,
          [switchId, noon + at * minuteMs, position],
        )
      await client.query(
        `select append_batch(currval('batch_number'), $1, $2, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000),
           to_timestamp($4::float8 / 1000))`,
        [positions.length, events.length, Math.min(...instants), Math.max(...instants)],
      )
    })
  }

  keeper(options: Partial<KeeperOptions> = {}, database = this.database): InterruptionKeeper {
    const keeper = new InterruptionKeeper(database, {
      clock: platformClock,
      progress: () => undefined,
      report: (error) => void this.errors.push(error),
      ...options,
    })
    this.#keepers.add(keeper)
    return keeper
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#keepers].map((keeper) => keeper.close()))
    this.#keepers.clear()
  }

  /** Waits until all that was stored has been taken. */
  async settled(withinMs?: number): Promise<void> {
    const kept = async () => {
      if (this.errors.length > 0) throw this.errors[0]
      const [state] = await this.database.query<{ behind: number; changes: number }>(
        `select (select count(*)::integer from batch_log
           where position > coalesce((select position from consumer_cursor where log = 'batch_log' and consumer = $1), 0)) as behind,
           (select count(*)::integer from network_change) as changes`,
        [consumerName],
      )
      return state!.behind === 0 && state!.changes === 0
    }
    await waitUntil('the interruptions to be kept', kept, withinMs)
  }

  /** Each unit's times without supply, as `unit: from-until`, minutes after noon; `…` while it lasts. */
  async outages(): Promise<string[]> {
    const rows = await this.database.query<{ unit: string; from: number; until: number | null; what: string }>(
      `select unit_id as unit, extract(epoch from u.started_at)::float8 * 1000 as "from",
         extract(epoch from u.ended_at)::float8 * 1000 as until, element_kind || ' ' || element_id as what
       from unit_interruption u join interruption using (interruption_id) order by unit_id, u.started_at`,
    )
    return rows.map(({ unit, from, until, what }) => `${unit}: ${minutes(from)}-${minutes(until)} ${what}`)
  }

  /** Interruptions, as `element from-until units`, in the order in which they began. */
  async interruptions(): Promise<(InterruptionRow & { text: string })[]> {
    const rows = await this.database.query<InterruptionRow>(
      `select interruption_id::float8 as id, event_id::float8 as event, element_kind as kind, element_id as element,
         extract(epoch from started_at)::float8 * 1000 as "from", extract(epoch from ended_at)::float8 * 1000 as until, units, void
       from interruption where not void order by started_at, ended_at nulls last, element_id`,
    )
    return rows.map((row) => ({
      ...row,
      text: `${row.kind} ${row.element} ${minutes(row.from)}-${minutes(row.until)} ×${row.units}`,
    }))
  }

  async texts(): Promise<string[]> {
    return (await this.interruptions()).map(({ text }) => text)
  }

  /** Forgets what was told and what was made of it; the network stays. */
  async clear(): Promise<void> {
    await this.stop()
    for (const table of [
      ...['unit_interruption', 'unit_interruption_withdrawn', 'interruption_fact', 'interruption', 'section_outage'],
      ...['switch_operation', 'entered_outage', 'supply_correction', 'continuity_change', 'planned_interruption'],
      ...['supply_hint', 'field_event', 'switch_reading', 'batch_log', 'consumer_cursor', 'network_change'],
    ])
      await this.database.query(`delete from ${table}`)
    this.errors.length = 0
  }
}

/** The field of a suite, in a database of its own: built before its tests, and cleared after each. */
export function useSuppliedField(): SuppliedField {
  const field = new SuppliedField(useDatabase())
  before(() => field.build())
  afterEach(() => field.clear())
  return field
}

interface InterruptionRow {
  readonly id: number
  readonly event: number
  readonly kind: string
  readonly element: string
  readonly from: number
  readonly until: number | null
  readonly units: number
  readonly void: boolean
}

const minutes = (at: number | null): string => (at === null ? '…' : String((at - noon) / minuteMs))
