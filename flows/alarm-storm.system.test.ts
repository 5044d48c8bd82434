import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { greatStorm, runGreatStorm } from './bench/alarm-storm.fixture.ts'

/** What may wait in a keeper. */
const mostWaiting = 100_000
const mostHeapMb = 600

describe('a storm of 100,000 conditions in 10 s', function () {
  this.timeout(300_000)

  it('is all in the table, each once, the silent meters under their outages, in bounded memory; it is a flood', async () => {
    const { conditions, peaks, kpis } = await runGreatStorm()
    assert.equal(conditions, 100_000)
    assert.ok(peaks.waiting <= mostWaiting, `${peaks.waiting} conditions waited`)
    assert.ok(peaks.heapMb < mostHeapMb, `${peaks.heapMb} MB`)
    const { outages, metersEach, faults } = greatStorm
    const told = outages + faults
    const { totals, floods } = kpis
    assert.deepEqual(
      [totals.occurrences, totals.told, totals.explained, kpis.unacknowledged],
      [conditions, told, outages * metersEach, told],
    )
    assert.deepEqual(
      floods.map(({ alarms }) => alarms),
      [told],
    )
    const inFlood = kpis.figures.find(({ name }) => name === 'time-in-flood')
    assert.equal(inFlood?.verdict, 'missed')
  })
})
