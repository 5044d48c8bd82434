import { connectAsync } from 'mqtt'
import { topicOf } from '../../platform/wire/contract.ts'
import type { RunningSystem } from '../running-system.fixture.ts'
import { readingsStored, unitWithMeter, windowsClosed } from '../voltage-windows.fixture.ts'

const windowMs = 600_000
const dayMs = 86_400_000
const nominalV = 127

/** Volts of phases A, B, C of a ten-minute window; undefined: the meter was silent. */
type Volts = readonly [number, number, number] | undefined

/** Beginning of the newest window whose readings are sent: over, and closed, UTC milliseconds. */
export const newestStart = (now: number): number => Math.floor(now / windowMs) * windowMs - 3 * windowMs

/** A unit of three phases at 127 V whose meter sends ten-minute means of the last days, as one that was offline does. */
export async function measuredUnit(
  system: RunningSystem,
  unitId: string,
  days: number,
  voltsAt: (start: number) => Volts,
): Promise<void> {
  const { database, brokerUrl, field } = system
  const meter = `meter-of-${unitId}`
  await unitWithMeter(database, { unit: unitId, meter, nominalV, phases: 'ABC' })
  const { stored } = await database.row<{ stored: number }>('select count(*)::float8 as stored from meter_reading')
  const until = newestStart(Date.now()) + windowMs
  const readings: object[] = []
  for (let start = until - days * dayMs; start < until; start += windowMs) {
    const volts = voltsAt(start)
    if (!volts) continue
    const [va_v, vb_v, vc_v] = volts
    const timestamp = new Date(start + windowMs).toISOString()
    readings.push({ meter_id: meter, timestamp, va_v, vb_v, vc_v, interval_s: 600, aggregation: 'rms' })
  }
  const client = await connectAsync(brokerUrl, { username: field.username, password: field.password })
  for (let from = 0; from < readings.length; from += 50)
    await client.publishAsync(topicOf('meter', meter), JSON.stringify(readings.slice(from, from + 50)), { qos: 1 })
  await client.endAsync()
  await readingsStored(database, stored + readings.length)
  await windowsClosed(database, until)
}

/** An official measurement of such a unit that began some days ago: the API schedules none that begins in the past. */
export async function measurementSince(
  { database }: RunningSystem,
  unitId: string,
  { kind, days }: { kind: 'sample' | 'complaint'; days: number },
): Promise<number> {
  const startsAt = newestStart(Date.now()) + windowMs - days * dayMs
  const quarter = kind === 'sample' ? "date_trunc('quarter', to_timestamp($2::float8 / 1000))::date" : 'null::date'
  const { id } = await database.row<{ id: number }>(
    `insert into voltage_measurement (unit_id, kind, quarter, class, serial, calibrated_on, calibration_valid_until, device_key,
       portable, reference_v, phases, starts_at, gives_up_at, taken_until, scheduled_by, scheduled_at)
     select $1, $3::measurement_kind, ${quarter}, 'A', 'AQ-2041', '2020-01-01', '2100-01-01', device_key, false, $4, 'ABC',
       to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000) + interval '21 days',
       to_timestamp($2::float8 / 1000), 'operator', to_timestamp($2::float8 / 1000)
     from device where device_id = 'meter-of-' || $1 returning measurement_id as id`,
    [unitId, startsAt, kind, nominalV],
  )
  return id
}
