import assert from 'node:assert/strict'
import fc from 'fast-check'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { FieldEvent } from '../../platform/wire/reading.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import {
  insertEvents,
  insertReadings,
  isInstant,
  keyOf,
  keysUnder,
  storedEvents,
  storedReadings,
} from './repository.ts'
import { batteryReading } from './telemetry-flow.fixture.ts'

const at = Date.UTC(2026, 10, 21)

describe('repository of the readings', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(() => new Partitions(test.database).ensure('der_reading', at))

  it('knows a reading again by its millisecond and its exact value (property)', async () => {
    let deviceKey = 0
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 86_399_999 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((kw) => !Object.is(kw, -0)),
        async (offsetMs, kw) => {
          const rows = [{ deviceKey: ++deviceKey, item: batteryReading('battery', at + offsetMs, kw) }]
          const key = keyOf(deviceKey, at + offsetMs)
          await test.database.transaction(async (client) => {
            assert.equal(await insertReadings(client, 'der', deviceKey, rows), 1)
            assert.deepEqual([...(await keysUnder(client, 'der', deviceKey))], [key])
            assert.equal((await storedReadings(client, 'der', rows)).get(key)?.['p_actual_kw'], kw)
          })
        },
      ),
      { numRuns: 200 },
    )
  })

  it('keeps an event as it came, with every character that text can have', async () => {
    const event: FieldEvent = {
      ...{ deviceId: 'switch-1', eventId: 'e:1', type: 'vtcd', at: at + 123, receivedAt: at + 456, quality: 'good' },
      ...{ magnitudePu: 0.1 + 0.2, durationS: 1 / 3 },
      ...{ phases: 'AC', cause: `tree on line, "North"; drop table field_event -- ção 🌳 {a,b} \\ '` },
    }
    const rows = [{ deviceKey: 9, item: event }]
    await test.database.transaction(async (client) => {
      assert.deepEqual([...(await insertEvents(client, 1, rows))], [keyOf(9, 'e:1')])
      assert.deepEqual([...(await insertEvents(client, 2, rows))], [])
      assert.deepEqual((await storedEvents(client, rows)).get(keyOf(9, 'e:1')), {
        ...{ type: 'vtcd', at: at + 123, magnitudePu: 0.1 + 0.2, durationS: 1 / 3 },
      })
    })
    const [kept] = await test.database.query('select cause, phases from field_event')
    assert.deepEqual(kept, { cause: event.cause, phases: 'AC' })
  })

  it('tells an instant from what is none', () => {
    for (const instant of [0, at, 8.64e15]) assert.equal(isInstant(instant), true)
    for (const none of [-1, 0.5, NaN, Infinity, 8.64e15 + 2, '0', null, undefined, 0n])
      assert.equal(isInstant(none), false)
  })
})
