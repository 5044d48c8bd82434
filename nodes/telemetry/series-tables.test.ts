import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { readingKinds, type Reading, type ReadingKind } from '../../platform/wire/reading.ts'
import { differenceFrom } from './domain/compare.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { insertReadings, keyOf, keysUnder, storedReadings } from './repository.ts'
import { measuresOf, seriesTables, wordsOf } from './series-tables.ts'

const at = Date.UTC(2026, 10, 21, 12) + 0.25

const words: Partial<Record<ReadingKind, Record<string, string>>> = {
  meter: { aggregation: 'rms', contact: 'open' },
  switch: { position: 'intermediate', mode: 'local' },
}

describe('the series tables', () => {
  const test = useDatabase()
  before(async () => {
    const partitions = new Partitions(test.database)
    for (const kind of readingKinds) await partitions.ensure(seriesTables[kind].name, at)
  })

  for (const kind of readingKinds) {
    const { measures, name, rare } = seriesTables[kind]
    /** Another number in every measure, so that no two can be mistaken for each other. */
    const reading: Reading = {
      ...{ deviceId: 'd', kind, at: Math.floor(at), receivedAt: at + 70_000, quality: 'late' },
      values: Object.fromEntries(measures.map((measure, n) => [measure, n + 0.1])),
      ...(words[kind] && { labels: words[kind] }),
    }
    const rows = [{ deviceKey: 7, item: reading }]

    it(`give back every measure and word of a ${kind} as it was written`, async () => {
      const stored = await test.database.transaction(async (client) => {
        assert.equal(await insertReadings(client, kind, 1, rows), 1)
        assert.equal(await insertReadings(client, kind, 2, rows), 0)
        assert.deepEqual([...(await keysUnder(client, kind, 1))], [keyOf(7, reading.at)])
        assert.deepEqual([...(await keysUnder(client, kind, 2))], [])
        return storedReadings(client, kind, rows)
      })
      const row = stored.get(keyOf(7, reading.at))!
      assert.equal(differenceFrom(reading, row, measures, seriesTables[kind].words), undefined)
      for (const measure of measures) assert.equal(row[measure], reading.values[measure])
      assert.deepEqual([row['quality'], row['batch_id']], ['late', '1'])
      // The time of receipt is kept where it says something.
      assert.equal((row['received_at'] as Date).getTime(), Math.round(reading.receivedAt))
    })

    if (rare)
      it(`give back what few ${kind}s report, beside those that do not`, async () => {
        const values = Object.fromEntries(measuresOf(kind).map((measure, n) => [measure, n + 0.1]))
        const labels = { ...reading.labels, ...Object.fromEntries([...rare.words].map((word) => [word, `${word}!`])) }
        const [some, plain] = [
          { deviceKey: 8, item: { ...reading, values, labels } },
          { deviceKey: 9, item: reading },
        ]
        const stored = await test.database.transaction(async (client) => {
          assert.equal(await insertReadings(client, kind, 3, [some, plain]), 2)
          return storedReadings(client, kind, [some, plain])
        })
        const rows = [some, plain].map(({ deviceKey }) => stored.get(keyOf(deviceKey, reading.at))!)
        for (const measure of rare.measures)
          assert.deepEqual([rows[0]![measure], rows[1]![measure]], [values[measure], undefined])
        for (const word of rare.words) assert.deepEqual([rows[0]![word], rows[1]![word]], [labels[word], undefined])
        const [first] = rare.measures
        const every = [measuresOf(kind), wordsOf(kind)] as const
        assert.equal(differenceFrom(some.item, rows[0]!, ...every), undefined)
        assert.equal(differenceFrom(reading, rows[0]!, ...every), `${first} was ${values[first!]}, now undefined`)
        const [kept] = await test.database.query(`select ${rare.column} as rare from ${name} where device_key = 9`)
        assert.deepEqual(kept, { rare: null })
      })

    it(`name every number of ${name}`, async () => {
      const columns = await test.database.query<{ name: string }>(
        `select attname as name from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and atttypid = 'double precision'::regtype order by 1`,
        [name],
      )
      assert.deepEqual(
        columns.map((column) => column.name),
        measures.toSorted(),
      )
    })
  }
})
