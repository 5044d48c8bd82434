import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { computeResult, spanOf } from './compute-result.ts'
import { entered, hourMs, minuteMs, seedPower, seedTown, six } from './demand.fixture.ts'
import { findEvent } from './event-repository.ts'
import { civilOf } from './occurrences.ts'

describe('the result of an event on a feeder', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const civil = civilOf('America/Sao_Paulo')
  before(async () => {
    await seedTown(test.database)
    // A feeder that feeds in 80 kW on Wednesday to Friday, and 50 kW in the event.
    for (const days of [3, 4, 5]) {
      const at = six - days * 24 * hourMs
      await seedPower(test.database, 'head-1', 'p_kw', { from: at, to: at + hourMs }, -80)
    }
    await seedPower(test.database, 'head-1', 'p_kw', { from: six, to: six + hourMs }, -50)
  })
  const resultOf = async (eventId: number) => {
    const event = (await findEvent(test.database, eventId))!
    const when = { at: six + 3 * hourMs, isFinal: false }
    return computeResult(test.database, event, 'f-1', new Set(), civil, when)
  }
  const action = { mode: 'limit', direction: 'export', limitKw: 50, targetShedKw: 30 } as const

  it('of a limit for export is what was fed in less', async () => {
    const found = await resultOf(await entered(test.database, { action, endsAt: six + hourMs }))
    assert.deepEqual([found.baselineKwh, found.actualKwh, found.deliveredKwh, found.committedKwh], [-80, -50, 30, 30])
    assert.deepEqual(found.detail.baselineDays, ['2026-11-20', '2026-11-19', '2026-11-18'])
    assert.match(found.detail.unadjusted!, /not measured/)
  })

  it('of one that was entered after its beginning counts from then on', async () => {
    const eventId = await entered(test.database, { action, endsAt: six + hourMs }, six + 30 * minuteMs)
    assert.equal(spanOf((await findEvent(test.database, eventId))!).startsAt, six + 30 * minuteMs)
    const found = await resultOf(eventId)
    assert.deepEqual([found.deliveredKwh, found.committedKwh], [15, 15])
  })
})
