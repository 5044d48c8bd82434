import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { Registry } from '../../platform/network/registry.ts'
import { batchesAfter } from '../../platform/storage/batch-log.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { BatchWriter } from './batch-writer.ts'
import { firstKeyAfter } from '../../platform/network/repository.ts'
import { eventsOf, fieldNames, readingsOf, taggedDevices } from './influxdb-repository.ts'
import { seriesTables } from './series-tables.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { QuarantineBudget } from './quarantine-budget.ts'
import { spanOf } from '../../platform/storage/span.ts'
import { batteryReading } from './telemetry-flow.fixture.ts'

const at = Date.UTC(2026, 10, 21, 23, 59, 59, 123)
const dayMs = 86_400_000

describe('what commits brought, read back', function () {
  this.timeout(60_000)
  let registry: Registry
  let writer: BatchWriter

  // Before the database goes: it would be asked once more.
  after(async () => {
    await writer.close()
    await registry.close()
  })
  const test = useDatabase()

  before(async () => {
    registry = new Registry(test.database, 'register', (error) => assert.fail(String(error)))
    await registry.ready()
    // Registered one by one, so that their numbers are in this order.
    for (const deviceId of ['battery-1', 'battery-2', 'battery-3'])
      await registry.contact([{ deviceId, kind: 'der', derType: 'battery', feederId: 'f-1', siteId: 's-1' }])
    writer = new BatchWriter(
      test.database,
      registry,
      new Partitions(test.database),
      new QuarantineBudget(1e6, { now: () => at }),
    )
  })

  it('is the readings of these commits and no others, over the ends of days', async () => {
    for (const days of [0, -3, 1])
      await writer.write({
        topic: 'der',
        payload: [
          batteryReading('battery-1', at + days * dayMs, days),
          batteryReading('battery-2', at + days * dayMs + 1_000, days),
        ],
      })
    const batches = await test.database.transaction((client) => batchesAfter(client, 0, 100))
    const rows = await readingsOf(test.database, 'der', spanOf(batches.slice(0, 2))!)
    const power = fieldNames.der.indexOf('p_actual_kw') + 2
    assert.deepEqual(
      rows.map((row) => [Math.round(row[1]), row[power]]).toSorted(([one], [other]) => Number(one) - Number(other)),
      [
        [at - 3 * dayMs, -3],
        [at - 3 * dayMs + 1_000, -3],
        [at, 0],
        [at + 1_000, 0],
      ],
    )
    // Batteries say nothing of a car: what is rare is left out behind all else.
    const { measures, words } = seriesTables.der.rare!
    assert.equal(rows[0]!.length, fieldNames.der.length - measures.size - words.size + 2)
    assert.equal(rows[0]![fieldNames.der.indexOf('quality') + 2], 'good')
    assert.deepEqual(await readingsOf(test.database, 'meter', spanOf(batches)!), [])
  })

  it('is the events of these commits', async () => {
    const common = { deviceId: 'battery-1', type: 'vtcd', receivedAt: at, quality: 'good' } as const
    await writer.write({ topic: 'event', payload: [{ ...common, eventId: 'e-1', at, phases: 'A', cause: 'storm' }] })
    await writer.write({ topic: 'event', payload: [{ ...common, eventId: 'e-2', at }] })
    const batches = await test.database.transaction((client) => batchesAfter(client, 0, 100))
    const [first] = batches.filter(({ events }) => events > 0)
    const [event, ...others] = await eventsOf(test.database, [first!.batchId])
    assert.deepEqual(others, [])
    const { eventId, type, phases, cause, quality } = event!
    assert.deepEqual([eventId, type, phases, cause, quality], ['e-1', 'vtcd', 'A', 'storm', 'good'])
    assert.equal(Math.round(event!.at), at)
  })

  it('names devices with their place', async () => {
    const { deviceKey } = registry.find('battery-2')!
    assert.deepEqual(await taggedDevices(test.database, [deviceKey, 999], at), [
      { deviceKey, deviceId: 'battery-2', type: 'battery', feederId: 'f-1', siteId: 's-1' },
    ])
  })

  it('knows the first device that there is no room for', async () => {
    assert.equal(await firstKeyAfter(test.database, 2), registry.find('battery-3')!.deviceKey)
    assert.equal(await firstKeyAfter(test.database, 0), registry.find('battery-1')!.deviceKey)
    assert.equal(await firstKeyAfter(test.database, 3), Infinity)
  })
})
