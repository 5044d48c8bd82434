import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { loadProfiles, monthsAround } from './load-profiles.ts'
import { monthsBefore } from './months-before.ts'
import { customerTimes, interruptionsChangedAfter, interruptionsSince, unitsOut } from './outage-repository.ts'
import { customerHoursOf } from './outlook.ts'
import { lastIndicatorChange, monthsChangedAfter } from './profile-repository.ts'
import { seedMonth, seedOutageUnits } from './seeded-outages.fixture.ts'

const hourMs = 3_600_000
const minute = 60_000
/** Tuesday, 10 March 2026, 09:00 in São Paulo. */
const start = Date.UTC(2026, 2, 10, 12)
const march = { month: '2026-03', from: Date.UTC(2026, 2, 1, 3), until: Date.UTC(2026, 3, 1, 3) }

describe('outages that last, as they are stored', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let [earlier, root, part] = [0, 0, 0]

  before(async () => {
    await seedOutageUnits(test.database, '2026-03', [
      { unitId: 'a', conjuntoId: 'c-1', service: 'safety', before: { dicH: 2, fic: 1, dmicH: 2 } },
      ...['b', 'c'].map((unitId) => ({ unitId })),
      { unitId: 'mv', nominalV: 13_800, limits: null, vrcBrl: null },
    ])
    const { interruptionIds } = await seedInterruptions(test.database, [
      { elementId: 'old', units: [{ unitId: 'a', from: start - 50 * hourMs, until: start - 48 * hourMs }] },
      {
        ...{ elementId: 'root', eventId: 77 },
        units: [
          { unitId: 'a', from: start, until: start + hourMs },
          { unitId: 'b', from: start, until: start + hourMs },
          { unitId: 'mv', from: start, until: start + hourMs - 2 * minute },
          { unitId: 'c', from: start, until: null },
        ],
      },
      // What stepwise restoration left: a goes on at once, mv after two minutes with supply.
      {
        ...{ elementId: 'part', eventId: 77 },
        units: ['a', 'mv'].map((unitId) => ({ unitId, from: start + hourMs, until: null })),
      },
    ])
    ;[earlier, root, part] = interruptionIds as [number, number, number]
  })

  it('are listed with those that ended lately', async () => {
    const ids = async (endedFrom: number) =>
      (await interruptionsSince(test.database, endedFrom)).map(({ interruptionId }) => interruptionId)
    assert.deepEqual(await ids(start), [root, part])
    assert.deepEqual(await ids(start - 60 * hourMs), [earlier, root, part])
    assert.equal((await interruptionsChangedAfter(test.database, 0)).length, 3)
    assert.deepEqual(await interruptionsChangedAfter(test.database, 1), [])
  })

  it('begin where the outage began that they continue', async () => {
    const out = (joinsAcross: number | null) =>
      unitsOut(test.database, { interruptionId: part, startedAt: start + hourMs }, joinsAcross)
    assert.deepEqual(await out(0), [
      { from: start, unitIds: ['a'] },
      { from: start + hourMs, unitIds: ['mv'] },
    ])
    assert.deepEqual(
      (await out(3 * minute)).map(({ from, unitIds }) => [from, unitIds.toSorted()]),
      [[start, ['a', 'mv']]],
    )
    assert.deepEqual(
      (await out(null)).map(({ from, unitIds }) => [from, unitIds.toSorted()]),
      [[start + hourMs, ['a', 'mv']]],
    )
  })

  it('have customer-hours, of those that ended and those that last', async () => {
    const times = await customerTimes(test.database, [77])
    const hours = times.map((time) => [time.interruptionId, customerHoursOf(time, start + 3 * hourMs)])
    assert.deepEqual(
      hours.toSorted(([a], [b]) => a! - b!),
      [
        [root, 1 + 1 + 58 / 60 + 3],
        [part, 4],
      ].map(([id, sum]) => [id, sum]),
    )
    assert.equal(customerHoursOf(undefined, start), 0)
  })

  it('leave the month as it had come to before them', async () => {
    const months = await monthsBefore(test.database, march, [
      { unitId: 'a', from: start },
      { unitId: 'c', from: start },
    ])
    assert.deepEqual(
      months.map(({ unitId, dicMs, fic, dmicMs }) => [unitId, dicMs / hourMs, fic, dmicMs / hourMs]),
      [
        ['a', 2, 1, 2],
        ['c', 0, 0, 0],
      ],
    )
  })

  it('find profiles of all units, with what months had come to', async () => {
    const scope = { now: start, timeZone: 'America/Sao_Paulo', mostUnits: 100 }
    const profiles = (await loadProfiles(test.database, scope, new AbortController().signal))!
    const of = (unitId: string) => profiles.numberOf(unitId)!
    assert.equal(profiles.size, 4)
    assert.deepEqual([profiles.classOf(of('a')), profiles.classOf(of('mv'))], ['BT', 'MT'])
    assert.deepEqual([profiles.serviceOf(of('a')), profiles.serviceOf(of('b'))], ['safety', undefined])
    assert.equal(profiles.beforeOf(of('a'), '2026-03').dicMs, 2 * hourMs)
    assert.equal(profiles.termsOf(of('a'), '2026-03')!.dicLimitMs, 8 * hourMs)
    assert.equal(profiles.termsOf(of('mv'), '2026-03'), null)
    // No rule of compensation is known for it: nothing else waits for that.
    assert.equal(profiles.termsOf(of('a'), '1999-12'), null)
    const small = await loadProfiles(test.database, { ...scope, mostUnits: 2 }, new AbortController().signal)
    assert.deepEqual([small!.size, small!.isFull], [2, true])
    assert.equal(await loadProfiles(test.database, scope, AbortSignal.abort()), undefined)
  })

  it('see months that are written later, but not those that an outage lasts in', async () => {
    const change = await lastIndicatorChange(test.database)
    await seedMonth(test.database, 'b', '2026-03', { dicH: 4, fic: 1, dmicH: 4 })
    await seedMonth(test.database, 'c', '2026-03', { dicH: 4, fic: 1, dmicH: 4 })
    await test.database.query(`update unit_continuity set lasts = true where unit_id = 'c'`)
    assert.deepEqual(monthsAround('2026-01'), ['2025-12', '2026-01', '2026-02'])
    assert.deepEqual(
      (await monthsChangedAfter(test.database, monthsAround('2026-03'), change)).map(({ unitId }) => unitId),
      ['b'],
    )
  })
})
