import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { calledFeedersOf, isFeeder } from './called-feeder-repository.ts'
import { hourMs, minuteMs, seedPower, seedTown, six } from './demand.fixture.ts'
import { dersBelow, headOf, hourMeans, measuredDevices, spanMeans } from './energy-repository.ts'

describe('energy of feeders', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(async () => {
    await seedTown(test.database)
    await seedPower(test.database, 'ev-1', 'p_actual_kw', { from: six, to: six + hourMs }, 4)
    await seedPower(test.database, 'ev-3', 'p_actual_kw', { from: six, to: six + 20 * minuteMs }, 6)
  })

  it('DERs are those at the feeder, at its sites, and below', async () => {
    const counts = await Promise.all(
      ['f-1', 'f-2', 'root', 'other'].map(async (id) => (await dersBelow(test.database, id)).deviceKeys.length),
    )
    assert.deepEqual(counts, [3, 2, 5, 0])
  })

  it('the head is the meter that the registry names', async () => {
    assert.equal((await headOf(test.database, 'f-1'))!.measure, 'p_kw')
    assert.equal(await headOf(test.database, 'f-2'), undefined)
  })

  it('means are the sum of what each device reported, with how much of the span that was', async () => {
    const ders = await dersBelow(test.database, 'f-1')
    assert.deepEqual(await hourMeans(test.database, ders, [six, six + hourMs]), new Map([[six, 10]]))
    assert.equal(await measuredDevices(test.database, ders, [six]), 2)
    const spans = [
      { from: six + hourMs, to: six + 2 * hourMs },
      { from: six, to: six + hourMs },
    ]
    assert.deepEqual(await spanMeans(test.database, ders, spans), [undefined, { kw: 10, devices: 2, quarters: 6 }])
  })

  it('feeders have their limit, the default, or what their devices can do', async () => {
    const normal = async (defaultLimitKw: number | null) =>
      (await calledFeedersOf(test.database, defaultLimitKw)).map(
        ({ feederId, normalKw, isLimited }) => `${feederId} ${normalKw} ${isLimited}`,
      )
    assert.deepEqual(await normal(null), ['f-1 110 true', 'f-2 60 false', 'other 0 false', 'root 500 true'])
    assert.deepEqual(await normal(75), ['f-1 110 true', 'f-2 75 true', 'other 75 true', 'root 500 true'])
    assert.deepEqual([await isFeeder(test.database, 'f-1'), await isFeeder(test.database, 'f-9')], [true, false])
  })
})
