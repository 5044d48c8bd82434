import type { Database } from '../../platform/storage/database.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { addToRollups, moveLatest } from './rollup-repository.ts'
import { seriesTables } from './series-tables.ts'
import type { ReadingKind } from '../../platform/wire/reading.ts'

/** A reading as it stands in the tables: powers positive for consumption. */
export interface Seed {
  readonly deviceId: string
  readonly at: number
  readonly values: Readonly<Record<string, number | string | object>>
  readonly quality?: string
}

/** What a table asks for beside what a test is about. */
const usual: Record<ReadingKind, Readonly<Record<string, number | string>>> = {
  der: {},
  panel: { temperature_celsius: 25, voltage_volts: 30, current_amperes: 1 },
  meter: { interval_s: 60, aggregation: 'mean' },
  switch: { position: 'closed', mode: 'remote' },
}

/** Stores readings of one kind as one commit, and takes them into roll-ups and latest readings as the consumer does. */
export async function seedReadings(database: Database, kind: ReadingKind, seeds: readonly Seed[]): Promise<void> {
  const { name } = seriesTables[kind]
  const partitions = new Partitions(database)
  for (const { at } of seeds)
    for (const table of [name, 'reading_minute', 'reading_hour']) await partitions.ensure(table, at)
  const instants = seeds.map(({ at }) => at)
  const span = { firstAt: Math.min(...instants), lastAt: Math.max(...instants) }
  await database.transaction(async (client) => {
    const { rows } = await client.query<{ id: number }>(`select nextval('batch_number')::float8 as id`)
    const batchId = rows[0]!.id
    await client.query(
      `insert into ${name} select r.* from jsonb_array_elements($1) seed
       join device on device_id = seed ->> 'deviceId',
       jsonb_populate_record(null::${name}, seed || jsonb_build_object('device_key', device_key)) r`,
      [
        JSON.stringify(
          seeds.map(({ deviceId, at, values, quality = 'good' }) => ({
            ...{ deviceId, at: new Date(at).toISOString(), batch_id: batchId, quality },
            ...usual[kind],
            ...values,
          })),
        ),
      ],
    )
    await client.query('select append_batch($1, $2, 0, $3, $4, $4)', [
      ...[batchId, seeds.length, new Date(span.firstAt).toISOString(), new Date(span.lastAt).toISOString()],
    ])
    await addToRollups(client, { ...span, batchIds: [batchId] })
    await moveLatest(client, { ...span, batchIds: [batchId] })
  })
}
