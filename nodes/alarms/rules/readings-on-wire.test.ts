import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { said } from '../alarms.fixture.ts'
import { reading } from '../domain/rules/rules.fixture.ts'
import { isOfReadings, mostReadings, readingsOf } from './readings-on-wire.ts'

describe('readings on the wire', () => {
  const good = reading(1, { p_kw: 1 })

  it('are told from conditions', () => {
    assert.deepEqual([[good], [said('outage', 'sw-1')], said('outage', 'sw-1'), [], null, 'text'].map(isOfReadings), [
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })

  it('are taken as they are', () => assert.deepEqual(readingsOf([good]), [good]))

  for (const [what, given, message] of [
    ['no device', { ...good, deviceId: '' }, 'payload[1].deviceId is "": it takes the name of a device'],
    ['another kind', { ...good, kind: 'pump' }, 'payload[1].kind is "pump": it takes der, panel, meter, switch'],
    ['no instant', { ...good, at: 'noon' }, 'payload[1].at is "noon": it takes UTC milliseconds'],
    ['no values', { ...good, values: 5 }, 'payload[1].values is 5: it takes an object of numbers'],
    ['nothing', null, 'payload[1].deviceId is undefined: it takes the name of a device'],
  ] as const)
    it(`with ${what} are refused, all of them`, () =>
      assert.throws(() => readingsOf([good, given]), { name: 'BadReading', message }))

  it('are bounded', () =>
    assert.throws(
      () => readingsOf(Array(mostReadings + 1).fill(good)),
      /payload has 20001 readings: it takes 20000 at most/,
    ))
})
