import assert from 'node:assert/strict'
import { numberedAt, numberedDevices } from './field-messages.fixture.ts'
import type { RunningDatabase } from './running-system.fixture.ts'
import { waitUntil } from './waiting.fixture.ts'

/** Every number from 0 to `count - 1` is stored, once, with its own device and instant; and nothing else is. */
export async function assertEachOnce(database: RunningDatabase, count: number, start: number): Promise<void> {
  // The reading's instant, worked out anew from its number: as `numberedAt` does.
  const sample = numberedAt(13, start) - start
  const found = await database.row<{
    rows: number
    numbers: number
    misplaced: number
    sample: number
    missing: number[]
  }>(
    `with stored as (
       select abs(estimated_power_w)::integer as n, device_id, extract(epoch from at)::float8 * 1000 - $2 as offset_ms
       from der_reading join device using (device_key) where device_id like 'numbered-%'
     )
     select count(*)::float8 as rows, count(distinct n)::float8 as numbers,
       (count(*) filter (where device_id <> 'numbered-' || n % $3::integer or
         round(offset_ms) <> n / 5 - case when n % 10 = 3 then (1 + n / $3::integer % 180) * 600000 else 0 end))::float8 as misplaced,
       (min(offset_ms) filter (where n = 13))::float8 as sample,
       (array(select i from generate_series(0, $1::integer - 1) i except select n from stored order by 1 limit 20)) as missing
     from stored`,
    [count, start, numberedDevices],
  )
  assert.deepEqual(found.missing, [], 'numbers that are not stored')
  assert.equal(Math.round(found.sample), sample)
  assert.deepEqual([found.numbers, found.rows, found.misplaced], [count, count, 0])
}

/** Waits until the roll-ups have taken every commit. */
export async function rollupsUpToDate(database: RunningDatabase, withinMs = 120_000): Promise<void> {
  const behind = async (): Promise<number> =>
    (
      await database.row<{ behind: number }>(
        `select count(*)::float8 as behind from batch_log
         where position > coalesce((select position from consumer_cursor where consumer = 'rollups'), 0)`,
      )
    ).behind
  await waitUntil('the roll-ups to catch up', async () => (await behind()) === 0, {
    withinMs,
    explain: async () => `${await behind()} commits behind`,
  })
}

const measures = [
  'p_actual_kw',
  'p_setpoint_kw',
  'soc',
  'cloud_cover_pct',
  'shortwave_radiation_wm2',
  'estimated_power_w',
]

/** The roll-ups per minute and per hour are what the raw readings say: no row more, no row less, no other value. */
export async function assertRollupsExact(database: RunningDatabase): Promise<{ minute: number; hour: number }> {
  const rows = { minute: 0, hour: 0 }
  for (const unit of ['minute', 'hour'] as const) {
    const compared = await database.row<{ rows: number; wrong: number; samples: number; examples: unknown }>(
      `with expected as (
         select date_trunc('${unit}', r.at, 'UTC') as at, device_key, m.measure::measure as measure,
           sum(value) as total, min(value) as lowest, max(value) as highest, count(*) as samples
         from der_reading r, lateral (values ${measures.map((name) => `('${name}', ${name})`).join()}) as m (measure, value)
         where value is not null group by 1, 2, 3
       ), compared as (
         select *, e.samples is distinct from k.samples or e.lowest <> k.lowest or e.highest <> k.highest
           or abs(e.total - k.total) > 1e-9 * greatest(abs(e.total), 1e-3) as wrong
         from expected e full join reading_${unit} k using (at, device_key, measure)
       )
       select count(*)::float8 as rows, (count(*) filter (where wrong))::float8 as wrong,
         (select coalesce(json_agg(c), '[]') from (select * from compared where wrong limit 5) c) as examples
       from compared`,
    )
    assert.equal(compared.wrong, 0, `${unit} roll-ups that differ: ${JSON.stringify(compared.examples)}`)
    assert.ok(compared.rows > 0)
    rows[unit] = compared.rows
  }
  return rows
}

/** Waits until so many readings of DERs are stored. */
export async function storedReaches(database: RunningDatabase, count: number, withinMs: number): Promise<void> {
  let last = -1
  await waitUntil(
    `${count} stored readings`,
    async () => {
      last = (await database.row<{ stored: number }>('select count(*)::float8 as stored from der_reading')).stored
      return last >= count
    },
    { withinMs, everyMs: 500, explain: async () => `stored: ${last}` },
  )
}
