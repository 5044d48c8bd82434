import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { DerTelemetry } from '../../platform/wire/payloads.ts'
import { readTopic } from '../../platform/wire/contract.ts'
import { loadDevice, loadReadings, readingAt, type LoadShape } from './readings.ts'

const validate = new Ajv().compile<DerTelemetry>(DerTelemetry)
const start = Date.UTC(2026, 0, 15)
const shapes = fc
  .record({
    devices: fc.integer({ min: 1, max: 300 }),
    batch: fc.integer({ min: 1, max: 20 }),
    perSecond: fc.integer({ min: 1, max: 200_000 }),
    start: fc.constant(start),
  })
  .filter(({ devices, perSecond }) => devices >= perSecond / 1_000)

function messages(shape: LoadShape, count: number) {
  const messageOf = loadReadings(shape)
  return Array.from({ length: count }, (_, n) => {
    const { topic, payload } = messageOf(n)
    const body = JSON.parse(payload) as DerTelemetry | DerTelemetry[]
    return { topic, payload, readings: Array.isArray(body) ? body : [body], isArray: Array.isArray(body) }
  })
}

describe('the readings of a load', () => {
  it('hold the contract, and carry each number once (property)', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const all = messages(shape, 50)
        const numbers = all.flatMap(({ readings }) => readings.map((reading) => reading.estimated_power_w))
        assert.deepEqual(
          numbers,
          Array.from({ length: 50 * shape.batch }, (_, n) => n),
        )
        for (const { topic, readings, isArray } of all) {
          assert.equal(isArray, shape.batch > 1)
          for (const reading of readings) {
            assert.ok(validate(reading), JSON.stringify(validate.errors))
            assert.equal(readTopic(topic)?.deviceId, reading.deviceId)
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('never give a device two readings of one instant, and are due when their last one is made (property)', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const last = new Map<string, number>()
        messages(shape, 3 * shape.devices).forEach(({ readings }, n) => {
          for (const { deviceId, timestamp } of readings) {
            assert.ok((timestamp as number) > (last.get(deviceId) ?? -Infinity))
            last.set(deviceId, timestamp as number)
          }
          const dueMs = Math.floor((n * shape.batch * 1_000) / shape.perSecond)
          assert.ok(Math.abs((readings.at(-1)!.timestamp as number) - start - dueMs) <= 1)
        })
      }),
      { numRuns: 50 },
    )
  })

  it('are the same bytes for the same number', () => {
    const shape = { devices: 3, batch: 2, perSecond: 10, start }
    const [one, other] = [loadReadings(shape), loadReadings(shape)]
    assert.deepEqual(one(7), other(7))
    assert.equal(loadDevice(0), 'load-00001')
    // 6 readings of all devices lie between two messages of one device, 300 ms between two of its own
    assert.deepEqual([readingAt(shape, 3, 0) - start, readingAt(shape, 3, 1) - start], [300, 600])
    assert.deepEqual([readingAt(shape, 6, 0) - start, readingAt(shape, 6, 1) - start], [900, 1200])
  })
})
