import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { Database } from '../../../platform/storage/database.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { OutlookKeeper } from './outlook-keeper.ts'
import { seedMonth, seedOutageUnits } from './seeded-outages.fixture.ts'

const hourMs = 3_600_000
/** Tuesday, 10 March 2026, 09:00 in São Paulo. */
const start = Date.UTC(2026, 2, 10, 12)

describe('the outlook of outages that last', function () {
  this.timeout(60_000)
  const faults: unknown[] = []
  const keepers: OutlookKeeper[] = []
  after(async () => {
    await Promise.all(keepers.map((keeper) => keeper.close()))
    assert.deepEqual(faults, [])
  })
  const test = useDatabase()
  let now = start + 7 * hourMs
  const clock = { now: () => now }
  const startKeeper = (database: Database = test.database): OutlookKeeper => {
    const keeper = new OutlookKeeper(database, {
      ...{ clock, clockIsSet: () => true, timeZone: 'America/Sao_Paulo', mostUnits: 100 },
      report: (fault) => faults.push(fault),
    })
    keepers.push(keeper)
    return keeper
  }
  let keeper: OutlookKeeper
  const found = (elementId: string, of = keeper) =>
    of.outlook.outages.find(({ outage }) => outage.interruption.elementId === elementId)
  const whole = (elementId: string, of = keeper) =>
    waitUntil(elementId, () => {
      const outage = found(elementId, of)
      return outage?.steps ? { ...outage, steps: outage.steps } : undefined
    })

  before(async () => {
    await seedOutageUnits(test.database, '2026-03', [
      { unitId: 'fresh' },
      { unitId: 'used', before: { dicH: 5, fic: 1, dmicH: 5 } },
      { unitId: 'nothing-known', vrcBrl: null },
      { unitId: 'hospital', service: 'essential', conjuntoId: 'c-1' },
      { unitId: 'other', conjuntoId: 'c-1' },
    ])
    const earlier = start - 100 * hourMs
    await seedInterruptions(test.database, [
      { elementId: 'sw-0', units: [{ unitId: 'used', from: earlier, until: earlier + 5 * hourMs }] },
      {
        elementId: 'sw-1',
        units: ['fresh', 'used', 'nothing-known'].map((unitId) => ({ unitId, from: start, until: null })),
      },
    ])
    keeper = startKeeper()
  })

  it('says of each who is out, what it costs by its end, and what restoring it now saves', async () => {
    const { unitsOut, pendingUnits, cases, avoidedCents, ends, customerHours, greatest } = await whole('sw-1')
    assert.deepEqual([unitsOut, pendingUnits, customerHours], [3, 1, 21])
    assert.deepEqual([(ends.restored - now) / hourMs, (ends.later - now) / hourMs], [1, 3])
    // After 7, 8 and 10 hours of the outage; one of them had 5 before: 12, 13 and 15.
    assert.deepEqual(cases.ordinary, { now: 3_353, restored: 3_632, later: 2_794 + 4_191 })
    assert.equal(avoidedCents, 2_794 + 4_191 - 3_632)
    assert.deepEqual(
      greatest.map(({ unitId }) => unitId),
      ['fresh', 'used'],
    )
  })

  it('says when limits break', async () => {
    const { steps } = await whole('sw-1')
    assert.deepEqual(
      steps.ordinary.slice(0, 2).map(({ at, limit, units, cents }) => [(at - start) / hourMs, limit, units, cents]),
      [
        [3, 'DIC', 1, 2_235],
        [8, 'DIC', 1, 2_235],
      ],
    )
    assert.deepEqual(
      steps.criticalDay.map(({ at, limit, units }) => [(at - start) / hourMs, limit, units]),
      [[8, 'DICRI', 2]],
    )
  })

  it('sees what begins, and ranks essential services before money', async () => {
    await seedInterruptions(test.database, [
      { elementId: 'sw-2', units: [{ unitId: 'hospital', from: now, until: null }] },
      { elementId: 'sw-3', units: [{ unitId: 'other', from: now, until: null }] },
    ])
    await whole('sw-2')
    await whole('sw-3')
    assert.deepEqual(
      keeper.outlook.outages.map(({ outage, rank, tier }) => [outage.interruption.elementId, rank, tier]),
      [
        ['sw-2', 1, 2],
        ['sw-1', 2, 3],
        ['sw-3', 3, 3],
      ],
    )
  })

  it('costs more as time passes', async () => {
    now += hourMs + 60_000
    const { cases } = await waitUntil('a later price', () => {
      const outage = found('sw-1')
      return outage?.ends.now === now ? outage : undefined
    })
    assert.ok(cases.ordinary.now > 2_235 + 3_353, String(cases.ordinary.now))
  })

  it('after a restart says the same', async () => {
    const again = startKeeper()
    const [before, after] = [await whole('sw-1'), await whole('sw-1', again)]
    assert.deepEqual(after.steps, before.steps)
    assert.deepEqual(after.cases, before.cases)
    assert.equal(again.outlook.outages.length, 3)
  })

  it('leaves out what a unit had in its stored month of the outage that lasts', async () => {
    // As the keeper of indicators writes it while it lasts.
    await seedMonth(test.database, 'fresh', '2026-03', { dicH: 8, fic: 1, dmicH: 8 })
    await test.database.query(`update unit_continuity set lasts = true where unit_id = 'fresh'`)
    const again = startKeeper()
    assert.deepEqual((await whole('sw-1', again)).cases, (await whole('sw-1')).cases)
  })

  it('lets go what has ended, and shows it for an hour', async () => {
    await test.database.query(
      `with next as (update continuity_progress set changed = changed + 1 returning changed), piece as (
         update unit_interruption set ended_at = to_timestamp($1::float8 / 1000), changed = next.changed from next
         where unit_id = 'other' and ended_at is null)
       update interruption set ended_at = to_timestamp($1::float8 / 1000), changed = next.changed from next
       where element_id = 'sw-3'`,
      [now],
    )
    await waitUntil('its end', () => !found('sw-3'))
    assert.deepEqual(
      keeper.outlook.ended.map(({ elementId, customerHours }) => [elementId, Math.round(customerHours * 60)]),
      [['sw-3', 61]],
    )
    now += hourMs + 1
    await waitUntil('that it is forgotten', () => keeper.outlook.ended.length === 0)
  })

  it('waits for a database that is away', async () => {
    const lost = new Database({ ...test.login, port: 1 })
    const waiting = startKeeper(lost)
    await assert.rejects(() => lost.query('select 1'))
    assert.deepEqual(waiting.outlook.outages, [])
    await waiting.close()
    await lost.close()
  })
})
