import assert from 'node:assert/strict'
import fc from 'fast-check'
import { lastSimulatedInstant, readClock, writeClock } from './clock.ts'

const newYear = Date.UTC(2008, 0, 1)

describe('readClock', () => {
  for (const [payload, at, rate] of [
    ['{"at":"2008-01-01T00:00:00Z","rate":60}', newYear, 60],
    ['{"at":"2007-12-31T21:00:00-03:00","rate":0}', newYear, 0],
    [`{"at":${newYear},"rate":0.5}`, newYear, 0.5],
    ['{"at":0,"rate":1000000,"by":"replay"}', 0, 1_000_000],
  ] as const) {
    it(`understands ${payload}`, () => assert.deepEqual(readClock(payload), { at, rate }))
  }

  for (const [payload, message] of [
    ['', /payload is "": it takes an object/],
    ['noon', /payload is "noon"/],
    ['[]', /payload is \[\]/],
    ['null', /payload is null/],
    ['{"rate":1}', /at is missing: it takes an instant from 1970 to 9999/],
    ['{"at":0}', /rate is missing: it takes a number from 0 to 1000000/],
    ['{"at":0,"rate":-1}', /rate is -1/],
    ['{"at":0,"rate":1000001}', /rate is 1000001/],
    ['{"at":0,"rate":"1"}', /rate is "1"/],
    ['{"at":0,"rate":1e400}', /rate is Infinity/],
    ['{"at":-1,"rate":1}', /at is -1/],
    ['{"at":253402300800000,"rate":1}', /at is 253402300800000/],
    ['{"at":"2008-01-01T00:00:00","rate":1}', /at is "2008-01-01T00:00:00": it takes an instant.*with offset/],
    ['{"at":"2008-02-31T00:00:00Z","rate":1}', /at is "2008-02-31T00:00:00Z"/],
    ['{"at":true,"rate":1}', /at is true/],
    [`{"at":"${'9'.repeat(500)}","rate":1}`, /^sim\/clock: at is "9{76}…: it takes an instant/],
  ] as const) {
    it(`refuses ${payload.slice(0, 50) || 'nothing'}`, () =>
      assert.throws(() => readClock(payload), { name: 'RangeError', message }))
  }

  it('understands whatever writeClock writes (property)', () => {
    const at = fc.integer({ min: 0, max: lastSimulatedInstant })
    const rate = fc.double({ min: 0, max: 1_000_000, noNaN: true }).map((value) => value + 0)
    fc.assert(fc.property(at, rate, (at, rate) => assert.deepEqual(readClock(writeClock({ at, rate })), { at, rate })))
  })

  it('answers to any text with a setting or one line (property)', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (payload) => {
        try {
          readClock(payload)
        } catch (error) {
          assert.ok(error instanceof RangeError && !error.message.includes('\n') && error.message.length < 250)
        }
      }),
    )
  })
})
