import assert from 'node:assert/strict'
import { townOf } from '../../simulator/town/town-plan.ts'
import { dayScript } from './day-script.ts'

const of = (start: string, hours: number) =>
  dayScript(Date.parse(start), hours, townOf()).map(
    ({ kind, at }) => `${kind} ${new Date(at).toISOString().slice(5, 16)}`,
  )

describe('what happens in a day of the town', () => {
  it('is all of it in a whole day, whenever it begins, by the time of the field', () => {
    assert.deepEqual(of('2026-11-23T12:00:00-03:00', 24), [
      ...['limit 11-23T21:00', 'event 11-23T22:15', 'kill 11-23T23:45', 'limit 11-24T00:30'],
    ])
    assert.deepEqual(of('2026-11-23T20:00:00-03:00', 24), [
      ...['kill 11-23T23:45', 'limit 11-24T00:30', 'limit 11-24T21:00', 'event 11-24T22:15'],
    ])
  })

  it('is what falls into the hours that there are', () => {
    assert.deepEqual(of('2026-11-23T18:30:00-03:00', 2), ['event 11-23T22:15'])
  })
})
