import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Earliest } from './earliest.ts'

describe('things by their time', () => {
  it('come in the order of their times, and of their numbers where those are equal, also when put off (property)', () => {
    const times = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 })
    fc.assert(
      fc.property(times, (things) => {
        const earliest = new Earliest(things.length)
        things.forEach(([time], item) => earliest.add(item, time))
        const delayed = new Set<number>()
        const order: number[][] = []
        while (earliest.time < Infinity) {
          const item = earliest.first
          const [time, later] = things[item]!
          if (!delayed.has(item)) {
            delayed.add(item)
            earliest.putOff(time + later)
            continue
          }
          order.push([earliest.time, item])
          earliest.removeFirst()
        }
        const expected = things.map(([time, later], item) => [time + later, item])
        assert.deepEqual(
          order,
          expected.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d),
        )
      }),
    )
  })

  it('come earlier when brought forward, never later, and never again (property)', () => {
    const times = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(times, (things) => {
        const earliest = new Earliest(things.length)
        things.forEach(([time], item) => earliest.add(item, time))
        const gone = earliest.first
        earliest.removeFirst()
        things.forEach(([, forward], item) => earliest.bringForward(item, forward))
        const order: number[][] = []
        for (; earliest.time < Infinity; earliest.removeFirst()) order.push([earliest.time, earliest.first])
        const expected = things.map(([time, forward], item) => [Math.min(time, forward), item])
        assert.deepEqual(
          order,
          expected.filter(([, item]) => item !== gone).toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d),
        )
      }),
    )
  })
})
