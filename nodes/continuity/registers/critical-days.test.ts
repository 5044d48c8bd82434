import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { insertChange } from '../../../platform/regulation/repository.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { listCriticalDays } from './critical-day-repository.ts'
import {
  criticalDayCandidates,
  criticalDayOutlook,
  judgeDay,
  removeCriticalDay,
  thresholdsOf,
  writeCriticalDay,
} from './critical-days.ts'
import { writeEmergencySituation } from './emergency-situations.ts'
import { enterRecords, removeRecords } from './enter-rows.ts'
import { registerNamed } from './registers.ts'
import { seedConjuntos } from './seeded-conjuntos.fixture.ts'

describe('critical days', function () {
  this.timeout(60_000)
  const store = useDatabase()
  const hourMs = 3_600_000
  const by = { name: 'tester', at: Date.UTC(2026, 5, 1) }
  const choose = (key: string, value: string | number | null) =>
    insertChange(store.database, { key, value, reason: 'a test', changedBy: 'tester' }, by.at)
  const enter = (name: string, records: object[]) => enterRecords(store.database, registerNamed(name)!, records, by)
  let serial = 0
  const occurrence = (conjuntoId: string, openedAt: number, withInterruption = true) => ({
    ...{ occurrenceId: `OC-${++serial}`, conjuntoId, openedAt, withInterruption },
  })
  const thresholdOf = async (conjuntoId: string) =>
    (await thresholdsOf(store.database, [conjuntoId], '2026-06-01')).get(conjuntoId)!

  before(async () => {
    await seedConjuntos(store.database, ['c-1', 'c-empty', 'c-limit'])
    await seedConjuntos(store.database, ['c-manaus'], 'America/Manaus')
    await enter('emergency-days', [
      ...[1, 2, 3, 2, 1, 2, 3, 2, 1, 3].map((occurrences, index) => ({
        ...{ conjuntoId: 'c-1', day: `2024-02-${String(index + 1).padStart(2, '0')}`, occurrences },
      })),
      // Neither year is of the two before 2026.
      { conjuntoId: 'c-1', day: '2023-12-31', occurrences: 500 },
      { conjuntoId: 'c-1', day: '2026-01-01', occurrences: 500 },
    ])
  })

  it('have a threshold over all days of the two civil years before, those without occurrences too', async () => {
    const threshold = await thresholdOf('c-1')
    assert.deepEqual([threshold.from, threshold.until, threshold.days], ['2024-01-01', '2026-01-01', 731])
    assert.deepEqual([threshold.daysTold, threshold.firstTold], [10, '2024-02-01'])
    const mean = 20 / 731
    assert.ok(Math.abs(threshold.perDay - (mean + 3 * Math.sqrt(46 / 731 - mean ** 2))) < 1e-12)
  })

  it('have none where nothing was told of the history', async () => assert.equal(await thresholdOf('c-empty'), null))

  it('have another threshold by other choices', async () => {
    const usual = await thresholdOf('c-1')
    await choose('continuity-critical-day-sigma', 'sample')
    assert.ok((await thresholdOf('c-1')).perDay > usual.perDay)
    await choose('continuity-history-months', 36)
    assert.deepEqual([(await thresholdOf('c-1')).from, (await thresholdOf('c-1')).days], ['2023-01-01', 1096])
    await choose('continuity-critical-day-sigma', null)
    await choose('continuity-history-months', null)
  })

  it('count the occurrences of the civil day of the conjunto, in its zone', async () => {
    // 23:30 of the 9th in Manaus, half past midnight of the 10th in São Paulo.
    const instant = Date.parse('2026-03-10T03:30:00Z')
    await enter('emergency-occurrences', [occurrence('c-manaus', instant), occurrence('c-1', instant)])
    const of = async (day: string) =>
      (await judgeDay(store.database, ['c-1', 'c-manaus'], day)).map(({ occurrences }) => occurrences)
    assert.deepEqual(await of('2026-03-09'), [0, 1])
    assert.deepEqual(await of('2026-03-10'), [1, 0])
    const outlook = await criticalDayOutlook(store.database, ['c-1', 'c-manaus'], instant + 60_000)
    assert.deepEqual(
      outlook.map(({ conjuntoId, day, occurrences }) => [conjuntoId, day, occurrences]),
      [
        ['c-1', '2026-03-10', 1],
        ['c-manaus', '2026-03-09', 1],
      ],
    )
  })

  it('say how many occurrences today still needs', async () => {
    const noon = Date.parse('2026-04-01T15:00:00Z')
    const look = async () => (await criticalDayOutlook(store.database, ['c-1'], noon + 6 * hourMs))[0]!
    const { needed } = (await look()).threshold!
    assert.equal((await look()).stillNeeded, needed)
    for (let count = 1; count <= needed + 1; count++) {
      await enter('emergency-occurrences', [occurrence('c-1', noon + count, count % 2 === 0)])
      const { occurrences, stillNeeded } = await look()
      assert.deepEqual([occurrences, stillNeeded], [count, Math.max(0, needed - count)])
    }
    assert.equal((await criticalDayOutlook(store.database, ['c-empty'], noon))[0]!.stillNeeded, null)
  })

  it('go by the history and the choices of this moment, though today is asked for often', async () => {
    const noon = Date.parse('2026-04-02T15:00:00Z')
    const look = async () => (await criticalDayOutlook(store.database, ['c-1', 'c-empty'], noon))[0]!.threshold!
    const usual = await look()
    await choose('continuity-critical-day-sigma', 'sample')
    assert.ok((await look()).perDay > usual.perDay)
    await choose('continuity-critical-day-sigma', null)
    assert.deepEqual(await look(), usual)
    const day = { conjuntoId: 'c-1', day: '2025-07-01' }
    await enter('emergency-days', [{ ...day, occurrences: 30 }])
    assert.equal((await look()).daysTold, usual.daysTold + 1)
    await removeRecords(store.database, registerNamed('emergency-days')!, [day], by)
    assert.deepEqual(await look(), usual)
  })

  it('are candidates strictly above the threshold, and not on it', async () => {
    // Of 730 days mean 1 and σ 1: the threshold is 4.
    await choose('continuity-history-months', 24)
    const days = Array.from({ length: 731 }, (_, index) =>
      new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10),
    )
    await enter(
      'emergency-days',
      days.map((day, index) => ({ conjuntoId: 'c-limit', day, occurrences: index % 2 ? 2 : 0 })).slice(0, 1000),
    )
    const { perDay, needed } = await thresholdOf('c-limit')
    assert.ok(perDay < 4 && needed === 4)
    await enter('emergency-days', [
      { conjuntoId: 'c-limit', day: '2026-02-01', occurrences: 3 },
      { conjuntoId: 'c-limit', day: '2026-02-02', occurrences: 4 },
      { conjuntoId: 'c-limit', day: '2026-02-03', occurrences: 40 },
    ])
    const found = await criticalDayCandidates(store.database, ['c-limit'], { from: '2026-01-01', until: '2027-01-01' })
    assert.deepEqual(
      found.map(({ day, occurrences, approved }) => [day, occurrences, approved]),
      [
        ['2026-02-02', 4, false],
        ['2026-02-03', 40, false],
      ],
    )
  })

  it('count as critical once an approval has written them, until another one takes that back', async () => {
    const day = { conjuntoId: 'c-limit', day: '2026-02-03', occurrences: 40, threshold: 3.99, basis: { days: 731 } }
    const span = { conjuntoIds: ['c-limit'], from: '2026-01-01', until: '2027-01-01' }
    await store.database.transaction((client) => writeCriticalDay(client, day, 17))
    assert.deepEqual(await listCriticalDays(store.database, span), [{ ...day, approvalId: 17 }])
    const [, { approved }] = (await criticalDayCandidates(store.database, ['c-limit'], span)) as [
      object,
      { approved: boolean },
    ]
    assert.equal(approved, true)
    const remove = () => store.database.transaction((client) => removeCriticalDay(client, day, 18))
    assert.equal(await remove(), true)
    assert.equal(await remove(), false)
    assert.deepEqual(await listCriticalDays(store.database, span), [])
    const kept = await store.database.query<{ approvalId: number; was: number }>(
      `select e.approval_id::int as "approvalId", (past_row->>'approval_id')::int as was
       from register_past join register_entry e using (entry_id) where e.register = 'critical-days'`,
    )
    assert.deepEqual(kept, [{ approvalId: 18, was: 17 }])
  })

  it('leave days of emergencies, and critical ones, out of the history, where that is chosen', async () => {
    const full = await thresholdOf('c-limit')
    await store.database.transaction(async (client) => {
      await writeEmergencySituation(
        client,
        {
          ...{
            situationId: 'S-1',
            basis: 'decree',
            decree: 'Decreto 1/2025',
            conjuntoIds: ['c-limit'],
            municipalityCodes: [],
          },
          startsAt: Date.parse('2025-05-01T00:00:00-03:00'),
          endsAt: Date.parse('2025-05-03T00:00:00-03:00'),
          ...{ description: 'storm', evidence: 'D.O.' },
        },
        19,
      )
      const day = { conjuntoId: 'c-limit', day: '2024-06-01', occurrences: 2, threshold: 1, basis: {} }
      await writeCriticalDay(client, day, 20)
    })
    assert.equal((await thresholdOf('c-limit')).days, full.days)
    await choose('continuity-critical-day-history', 'without-emergency-days')
    assert.equal((await thresholdOf('c-limit')).days, full.days - 2)
    await choose('continuity-critical-day-history', 'without-critical-days')
    const least = await thresholdOf('c-limit')
    assert.deepEqual([least.days, least.daysTold], [full.days - 3, full.daysTold - 3])
    await choose('continuity-critical-day-history', null)
  })
})
