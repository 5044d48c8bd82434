import { connectAsync } from 'mqtt'
import type { VoltageBand } from '../nodes/voltage/domain/bands.ts'
import type { PerPhase } from '../nodes/voltage/domain/sample.ts'
import type { InvalidReason } from '../nodes/voltage/domain/windows.ts'
import { clockTopic, writeClock } from '../platform/wire/clock.ts'
import type { RunningDatabase, RunningSystem } from './running-system.fixture.ts'
import { waitUntil } from './waiting.fixture.ts'

/** A consumer unit whose only meter, ever, is this one. */
export async function unitWithMeter(
  database: RunningDatabase,
  { unit, meter, nominalV, phases }: { unit: string; meter: string; nominalV: number; phases: string },
): Promise<void> {
  await database.query(
    `with device as (
       insert into device (device_id, kind, status, nominal_voltage_v) values ($2, 'meter', 'active', $3) returning device_key
     ), unit as (insert into consumer_unit (unit_id, phases, nominal_voltage_v) values ($1, $4, $3))
     insert into meter_assignment (unit_id, device_key, validity) select $1, device_key, '(,)' from device`,
    [unit, meter, nominalV, phases],
  )
}

/** Says that the simulated clock stands at an instant, UTC milliseconds. */
export async function tellTime({ brokerUrl, passwords }: RunningSystem, at: number): Promise<void> {
  const client = await connectAsync(brokerUrl, { username: 'linhaviva', password: passwords.linhaviva })
  await client.publishAsync(clockTopic, writeClock({ at, rate: 0 }), { qos: 1, retain: true })
  await client.endAsync()
}

/** Waits until so many readings of meters are stored. */
export async function readingsStored(database: RunningDatabase, count: number, withinMs = 120_000): Promise<void> {
  let last = -1
  await waitUntil(
    `${count} stored readings`,
    async () => {
      last = (await database.row<{ stored: number }>('select count(*)::float8 as stored from meter_reading')).stored
      return last >= count
    },
    { withinMs, everyMs: 200, explain: async () => `stored: ${last}` },
  )
}

/** Waits until every window that ends by `until` is closed, and every stored reading has been looked at. */
export async function windowsClosed(database: RunningDatabase, until: number, withinMs = 120_000): Promise<void> {
  const state = () =>
    database.row<{ closedUntil: number; behind: number; recomputations: number }>(
      `select extract(epoch from closed_until)::float8 * 1000 as "closedUntil",
         (select count(*)::float8 from batch_log where position >
           coalesce((select position from consumer_cursor where consumer = 'voltage-windows'), 0)) as behind,
         (select count(*)::float8 from voltage_recomputation) as recomputations
       from voltage_progress`,
    )
  await waitUntil(
    'the windows to be closed',
    async () => {
      const { closedUntil, behind, recomputations } = await state()
      return closedUntil >= until && behind === 0 && recomputations === 0
    },
    { withinMs, explain: async () => JSON.stringify(await state()) },
  )
}

/** A window as it is stored; `start` in UTC milliseconds. */
export interface FoundWindow {
  readonly start: number
  readonly volts: PerPhase<number>
  readonly coverage: number
  readonly bands: PerPhase<VoltageBand>
  readonly reason: InvalidReason | null
}

/** All windows of a meter, oldest first. */
export const voltageWindows = (database: RunningDatabase, meter: string): Promise<FoundWindow[]> =>
  database.query<FoundWindow & Record<string, unknown>>(
    `select extract(epoch from at)::float8 * 1000 as start, array[va_v, vb_v, vc_v] as volts, coverage::float8 as coverage,
       array[band_a, band_b, band_c]::text[] as bands, invalid_reason as reason
     from voltage_window join device using (device_key) where device_id = $1 order by at`,
    [meter],
  )
