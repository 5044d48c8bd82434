import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { defaultPolicy } from '../domain/restoration-policy.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { Breather } from './breather.ts'
import { loadProfiles } from './load-profiles.ts'
import { OpenOutages } from './open-outages.ts'
import { openEstimates } from './policy-repository.ts'
import { seedMonth, seedOutageUnits } from './seeded-outages.fixture.ts'

const hourMs = 3_600_000
const minute = 60_000
/** Tuesday, 10 March 2026, 09:00 in São Paulo. */
const start = Date.UTC(2026, 2, 10, 12)
const now = start + 7 * hourMs

describe('outages that last, in memory', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let outages: OpenOutages
  let id = 0
  const load = async (): Promise<void> => {
    const scope = { now, timeZone: 'America/Sao_Paulo', mostUnits: 100 }
    outages.use((await loadProfiles(test.database, scope, new AbortController().signal))!)
  }
  const take = () => outages.take(test.database, now, new Breather())
  const priced = async () => {
    const estimates = new Map((await openEstimates(test.database)).map((one) => [one.interruptionId, one]))
    await outages.price('all', now, defaultPolicy, estimates, new Breather())
    return outages.outlook(now, defaultPolicy).outages[0]!
  }

  before(async () => {
    await seedOutageUnits(test.database, '2026-03', [
      { unitId: 'a', conjuntoId: 'c-1', before: { dicH: 1, fic: 1, dmicH: 1 } },
      { unitId: 'b', conjuntoId: 'c-1' },
    ])
    outages = new OpenOutages('America/Sao_Paulo')
  })

  it('are taken when profiles are there, and again when something was written', async () => {
    assert.equal(await take(), false)
    await load()
    assert.equal(await take(), true)
    assert.equal(await take(), false)
    ;[id] = (
      await seedInterruptions(test.database, [
        { elementId: 'sw-1', units: ['a', 'b'].map((unitId) => ({ unitId, from: start, until: null })) },
      ])
    ).interruptionIds as [number]
    assert.equal(await take(), true)
    assert.equal(outages.unsettled, 0, 'what months had come to was known')
    // After 8 and 10 h; a had one hour before.
    assert.deepEqual((await priced()).asItStands, { now: 0, restored: 2_515, later: 2_794 + 3_073 })
  })

  it('go by what a month turns out to have been meanwhile', async () => {
    await seedMonth(test.database, 'b', '2026-03', { dicH: 2, fic: 1, dmicH: 2 })
    await take()
    assert.deepEqual((await priced()).asItStands.later, 3_073 + 3_353)
  })

  it('keep what was known of units that are out when profiles are read again, until it is known better', async () => {
    await test.database.query(`update unit_continuity set lasts = true`)
    await load()
    await take()
    assert.deepEqual([outages.unsettled, outages.settlesAgain], [0, 2])
    assert.deepEqual((await priced()).asItStands.later, 3_073 + 3_353)
    await outages.settleAgain(test.database, now)
    // Of both no earlier outage is stored.
    assert.deepEqual((await priced()).asItStands.later, 2 * 2_794)
  })

  it('after a start know of units that are out only what is computed', async () => {
    outages = new OpenOutages('America/Sao_Paulo')
    await load()
    await take()
    assert.equal(outages.unsettled, 2)
    await outages.settle(test.database, now)
    assert.equal(outages.unsettled, 0)
    assert.deepEqual((await priced()).asItStands.later, 2 * 2_794)
  })

  it('go by who says when supply is back, until that has passed', async () => {
    const say = (restoredBy: number) =>
      test.database.query(
        `insert into restoration_estimate (interruption_id, entered_at, restored_by, entered_by)
         values ($1, clock_timestamp(), to_timestamp($2::float8 / 1000), 'ana')`,
        [id, restoredBy],
      )
    await say(now + 30 * minute)
    const { ends, estimatedBy } = await priced()
    assert.deepEqual([(ends.restored - now) / minute, (ends.later - now) / minute, estimatedBy], [30, 150, 'ana'])
    await say(now - minute)
    assert.deepEqual([(await priced()).ends.restored - now, (await priced()).estimatedBy], [hourMs, null])
  })

  it('tell when an event gets to the customer-hours of an emergency', async () => {
    const { event } = await priced()
    assert.equal(event.chiH, 14)
    // 2,612 × 2^0.35 h, at two an hour.
    const limitH = 2_612 * 2 ** 0.35
    assert.ok(Math.abs(event.judgement!.limitH - limitH) < 1e-6)
    assert.equal(event.reachesAt, Math.ceil(now + ((limitH - 14) / 2) * hourMs))
  })
})
