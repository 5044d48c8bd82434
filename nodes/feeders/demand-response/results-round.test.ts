import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { CalledFeeder } from '../domain/demand-response/in-force.ts'
import { anEvent, entered, enteredProgram, hourMs, minuteMs, seedPower, seedTown, six } from './demand.fixture.ts'
import { cancelEvent } from './enter-event.ts'
import { findEvent } from './event-repository.ts'
import { civilOf, enterOccurrences } from './occurrences.ts'
import { programUtilisation, resultsOf, utilisationOf } from './result-repository.ts'
import { calledDays, computeDueResults, finalAfterMs, settleMs } from './results-round.ts'

const dayMs = 24 * hourMs
const civil = civilOf('America/Sao_Paulo')
/** The working day so many working days before Monday the 23rd, at six. */
const workingDaysBack = (count: number): number[] => {
  const found: number[] = []
  for (let at = six - dayMs; found.length < count; at -= dayMs)
    if (![0, 6].includes(new Date(at).getUTCDay())) found.push(at)
  return found
}

describe('results of events', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const due = (at: number) => computeDueResults(test.database, civil, at)
  const result = async (eventId: number) => (await resultsOf(test.database, eventId))[0]!
  const end = six + 2 * hourMs
  let limit = 0
  let program = 0
  let shed = 0

  before(async () => {
    await seedTown(test.database)
    // On ten working days, from three to nine, the feeder takes 100 kW, and each charger 10 kW.
    for (const day of workingDaysBack(10)) {
      const span = { from: day - 3 * hourMs, to: day + 3 * hourMs }
      await seedPower(test.database, 'head-1', 'p_kw', span, 100)
      for (const device of ['ev-1', 'ev-2', 'ev-3']) await seedPower(test.database, device, 'p_actual_kw', span, 10)
    }
    // Today 110 kW before the event, 60 and 70 kW in it.
    await seedPower(test.database, 'head-1', 'p_kw', { from: six - 3 * hourMs, to: six - hourMs }, 110)
    await seedPower(test.database, 'head-1', 'p_kw', { from: six, to: six + hourMs }, 60)
    await seedPower(test.database, 'head-1', 'p_kw', { from: six + hourMs, to: end }, 70)
    for (const [device, kw] of [
      ['ev-1', 2],
      ['ev-2', 4],
      ['ev-3', 10],
    ] as const)
      await seedPower(test.database, device, 'p_actual_kw', { from: six, to: end }, kw)
    limit = await entered(test.database)
    program = await enteredProgram(test.database, { targetShedKw: 20, feederId: 'f-1' })
    await enterOccurrences(test.database, six, 0)
    shed = (
      await test.database.query<{ id: number }>(`select event_id::float8 as id from dr_event where program_id = $1`, [
        program,
      ])
    )[0]!.id
    await cancelEvent(test.database, shed, { username: 'ana', reason: null }, end)
  })

  it('come a quarter of an hour after the end, by the head of the feeder: baseline, what was taken, what was given up', async () => {
    assert.equal(await due(end + settleMs - 1), 0)
    // Whatever breaks off on the way leaves nothing behind.
    const broken = { ...civil, textOf: () => assert.fail('the process ends here') }
    await assert.rejects(computeDueResults(test.database, broken, end + settleMs), /ends here/)
    assert.deepEqual([await resultsOf(test.database, limit), await resultsOf(test.database, shed)], [[], []])
    assert.equal(await due(end + settleMs), 2)
    const found = await result(limit)
    // The other event of the day leaves its level out.
    assert.match(found.detail.unadjusted!, /something else/)
    assert.deepEqual(
      [found.basis, found.isFinal, found.baselineKwh, found.actualKwh, found.deliveredKwh, found.coverage],
      ['head', false, 200, 130, 70, 1],
    )
    assert.equal(found.detail.baselineDays.length, 10)
    assert.deepEqual([found.committedKwh, found.money], [null, null])
  })

  it('of a target they are measured at what is steered, and pay for what was delivered until it was cancelled', async () => {
    const found = await result(shed)
    assert.deepEqual(
      [found.basis, found.baselineKwh, found.actualKwh, found.deliveredKwh, found.committedKwh],
      ['devices', 60, 32, 28, 40],
    )
    // 0.90 · 28 − 0.45 · 12
    assert.equal(found.money!.amountBrl, 19.8)
    assert.match(found.money!.rule.source, new RegExp(`program ${program}, version 1`))
  })

  it('with what each device took and gave up', async () => {
    const event = (await findEvent(test.database, shed))!
    const rows = await utilisationOf(test.database, event, { after: undefined, limit: 10 })
    assert.deepEqual(
      rows.map(({ deviceId, usedKwh, shedKwh }) => [deviceId, usedKwh, shedKwh]),
      [
        ['ev-1', 4, 16],
        ['ev-2', 8, 12],
        ['ev-3', 20, 0],
      ],
    )
    const of = { programId: program, since: six - dayMs, until: six + dayMs }
    const [first] = await programUtilisation(test.database, of, { after: undefined, limit: 1 })
    assert.deepEqual(first, { deviceId: 'ev-1', events: 1, usedKwh: 4, shedKwh: 16 })
  })

  it('nothing is done twice, and late readings change them once, a day after the end', async () => {
    assert.equal(await due(end + settleMs + minuteMs), 0)
    await seedPower(test.database, 'head-1', 'p_kw', { from: six, to: six + hourMs }, 50)
    assert.equal(await due(end + finalAfterMs - 1), 0)
    assert.equal((await result(limit)).deliveredKwh, 70)
    assert.equal(await due(end + finalAfterMs), 2)
    const last = await result(limit)
    assert.deepEqual([last.isFinal, last.deliveredKwh], [true, 80])
    await seedPower(test.database, 'head-1', 'p_kw', { from: six, to: six + hourMs }, 5)
    assert.equal(await due(end + 10 * dayMs), 0)
    assert.equal((await result(limit)).deliveredKwh, 80)
  })

  it('a baseline does not see the days of events, and says why where there is none', async () => {
    const at = six + 7 * dayMs
    const eventId = await entered(test.database, { startsAt: at, endsAt: at + hourMs }, at - hourMs)
    await seedPower(test.database, 'head-1', 'p_kw', { from: at, to: at + hourMs }, 40)
    await due(at + hourMs + settleMs)
    const found = await result(eventId)
    assert.equal(found.baselineKwh, 100)
    assert.ok(!found.detail.baselineDays.includes('2026-11-23'))
    const elsewhere = await entered(test.database, { feederId: 'f-2', startsAt: at, endsAt: at + hourMs }, at - hourMs)
    await due(at + hourMs + settleMs)
    const unknown = await result(elsewhere)
    assert.deepEqual([unknown.deliveredKwh, unknown.money], [null, null])
    assert.match(unknown.reason!, /fewer than 3 like days/)
  })

  it('too little was measured: nobody can say', async () => {
    const at = six + 8 * dayMs
    const eventId = await entered(test.database, { startsAt: at, endsAt: at + hourMs }, at - hourMs)
    await seedPower(test.database, 'head-1', 'p_kw', { from: at, to: at + 10 * minuteMs }, 40)
    await due(at + hourMs + settleMs)
    assert.match((await result(eventId)).reason!, /only 25 % of hour 1/)
  })

  it('one that never was in force has none, and is done with', async () => {
    const at = six + 9 * dayMs
    const eventId = await entered(test.database, { startsAt: at, endsAt: at + hourMs }, at - hourMs)
    await cancelEvent(test.database, eventId, { username: 'ana', reason: null }, at - minuteMs)
    await due(at + settleMs)
    assert.deepEqual(await resultsOf(test.database, eventId), [])
    const [progress] = await test.database.query(`select is_open from dr_event_progress where event_id = $1`, [eventId])
    assert.deepEqual(progress, { is_open: false })
  })

  it('days on which something was called for: on the feeder, above and below it, not beside it', async () => {
    const feeders: CalledFeeder[] = [
      { feederId: 'root', parentFeederId: null, normalKw: 1, isLimited: true },
      { feederId: 'f-1', parentFeederId: 'root', normalKw: 1, isLimited: true },
      { feederId: 'f-2', parentFeederId: 'root', normalKw: 1, isLimited: true },
    ]
    const stored = (await findEvent(test.database, limit))!
    const days = (on: string | null, feederId: string) =>
      [
        ...calledDays([{ ...stored, ...anEvent(), feederId: on, endsAt: six + 30 * hourMs }], feederId, feeders, civil),
      ].toSorted()
    const two = ['2026-11-23', '2026-11-24', '2026-11-25']
    assert.deepEqual(days('f-1', 'f-1'), two)
    assert.deepEqual(days('f-1', 'root'), two)
    assert.deepEqual(days('root', 'f-1'), two)
    assert.deepEqual(days(null, 'f-1'), two)
    assert.deepEqual(days('f-2', 'f-1'), [])
  })
})
