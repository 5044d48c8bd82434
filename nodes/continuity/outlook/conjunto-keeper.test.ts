import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { Hub } from '../../../platform/live/hub.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { ConjuntoKeeper } from './conjunto-keeper.ts'
import { conjuntosNamed, yearLimitsOf } from './conjunto-repository.ts'
import { showConjuntos } from './live-conjuntos.ts'

/** Tuesday, 10 March 2026, 23:30 in Manaus; the 11th has begun in São Paulo. */
const now = Date.UTC(2026, 2, 11, 3, 30)

describe('how conjuntos stand', function () {
  this.timeout(60_000)
  const faults: unknown[] = []
  let keeper: ConjuntoKeeper
  // Before the database goes.
  after(async () => {
    await keeper.close()
    assert.deepEqual(faults, [])
  })
  const test = useDatabase()

  before(async () => {
    const { database } = test
    await database.query(`insert into conjunto (conjunto_id, name, time_zone)
      values ('c-1', 'Centro', 'America/Manaus'), ('c-2', 'Sul', null)`)
    await database.query(
      `insert into conjunto_limit (conjunto_id, year, dec_hundredths, fec_hundredths) values ('c-1', 2026, 800, 600)`,
    )
    await database.query(`insert into emergency_day_count (conjunto_id, day, occurrences)
      select 'c-1', day::date, 1 + extract(day from day)::integer % 2
      from generate_series(date '2024-01-01', date '2025-12-31', interval '1 day') day`)
    await database.query(`insert into emergency_day_count values ('c-1', '2026-03-10', 2), ('c-1', '2026-03-11', 99)`)
    await database.query(
      `with next as (update continuity_indicator_progress set changed = changed + 1 returning changed)
       insert into conjunto_continuity (conjunto_id, month, units, parcels, changed, computed_at)
       select 'c-1', month::date, 100, '{"IND": {"ms": 360000000, "count": 50}, "INE": {"ms": 7200000, "count": 9}}', changed, to_timestamp(0)
       from next, unnest(array['2026-02-01', '2026-03-01']) month`,
    )
    keeper = new ConjuntoKeeper(database, {
      ...{ clock: { now: () => now }, clockIsSet: () => true, timeZone: 'America/Sao_Paulo' },
      report: (fault) => faults.push(fault),
    })
  })
  const state = (conjuntoId: string) => keeper.states.find((one) => one.conjuntoId === conjuntoId)

  it('month, year, limit, and the occurrences of the day that it is there', async () => {
    const { month, day, monthSoFar, yearSoFar, limit, occurrences, threshold, isCritical } = await waitUntil(
      'the conjunto',
      () => state('c-1'),
    )
    assert.deepEqual([month, day, occurrences, isCritical], ['2026-03', '2026-03-10', 2, false])
    assert.deepEqual(
      [monthSoFar, yearSoFar, limit],
      [
        { decHundredths: 100, fecHundredths: 50 },
        { decHundredths: 200, fecHundredths: 100 },
        { decHundredths: 800, fecHundredths: 600 },
      ],
    )
    // Half of the days one occurrence, half of them two.
    assert.ok(Math.abs(threshold!.perDay - 3) < 0.01)
    assert.equal(state('c-2')!.threshold, null)
  })

  it('as the live stream shows them, with those who are out', () => {
    const hub = new Hub()
    showConjuntos(hub, keeper.states, new Map([['c-1', 12]]))
    const shown = hub.get('continuity', 'c-1')!
    assert.deepEqual(
      [shown.unitsOut, shown.monthSoFar, shown.today?.stillNeeded, shown.today?.approved],
      [12, { decH: 1, fec: 0.5 }, 1 + Math.floor(shown.today!.threshold) - 2, false],
    )
    const { version } = hub.state('continuity')
    showConjuntos(hub, keeper.states, new Map([['c-1', 12]]))
    assert.equal(hub.state('continuity').version, version, 'shown twice')
    showConjuntos(hub, [], new Map())
    assert.equal(hub.state('continuity').size, 0)
  })

  it('by what is entered', async () => {
    assert.deepEqual(
      (await conjuntosNamed(test.database)).map(({ name }) => name),
      ['Centro', 'Sul'],
    )
    assert.deepEqual([...(await yearLimitsOf(test.database, 2025))], [])
  })
})
