import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { defaultChoices } from '../../../platform/regulation/options.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { judgedOutages } from './judged-outages.ts'
import { factsOf, outagesAfter, outagesBefore, outagesOfEvents, outagesWithin } from './outage-repository.ts'
import { seedConjunto, seedUnits } from './seeded-units.fixture.ts'

const hourMs = 3_600_000
const march = Date.parse('2026-03-01T03:00:00Z')
const now = march + 60 * 24 * hourMs

describe('what a month of units is computed from', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let ids: number[] = []

  before(async () => {
    await seedConjunto(test.database, 'c-1')
    await seedUnits(test.database, 'c-1', ['u-1', 'u-2'])
    const out = (unitId: string, fromH: number, untilH: number | null, eventId?: number) => ({
      ...(eventId !== undefined && { eventId }),
      units: [{ unitId, from: march + fromH * hourMs, until: untilH === null ? null : march + untilH * hourMs }],
    })
    const seeded = await seedInterruptions(test.database, [
      // A week without supply in four interruptions, only the last of which reaches into March.
      out('u-1', -170, -100),
      out('u-1', -100, -50),
      out('u-1', -50, -20),
      out('u-1', -20, 2),
      out('u-1', -300, -290),
      out('u-2', -400, -399, 77),
      out('u-2', 5, 6, 77),
      out('u-2', 2_000, null),
    ])
    ids = seeded.interruptionIds
  })
  const piecesOf = async (choices = {}, unitId = 'u-1') => {
    const scope = { month: '2026-03', unitIds: [unitId] }
    const { units } = await judgedOutages(test.database, scope, { ...defaultChoices, ...choices }, now)
    return units[0]!.outages.map(({ from }) => (from - march) / hourMs).sort((one, other) => one - other)
  }

  it('goes back as far as one interruption follows the other, and no further', async () => {
    assert.deepEqual(await piecesOf(), [-170, -100, -50, -20])
  })

  it('has what is of the same root, where such interruptions are one event', async () => {
    assert.deepEqual(await piecesOf({}, 'u-2'), [5])
    assert.deepEqual(await piecesOf({ 'continuity-event-duration': 'root-together' }, 'u-2'), [-400, 5])
  })

  it('has pieces that end where others begin', async () => {
    const { database } = test
    const at = (hours: number) => [{ unitId: 'u-1', at: march + hours * hourMs }]
    const starts = (pieces: readonly { from: number }[]) => pieces.map(({ from }) => (from - march) / hourMs)
    assert.deepEqual(starts(await outagesBefore(database, at(-50), 0)), [-100])
    assert.deepEqual(starts(await outagesBefore(database, at(-280), 11 * hourMs)), [-300])
    assert.deepEqual(starts(await outagesAfter(database, at(-50), 0)), [-50])
    assert.deepEqual(starts(await outagesAfter(database, at(-51), hourMs)), [-50])
    assert.deepEqual([await outagesBefore(database, at(-280), 0), await outagesAfter(database, at(-280), 0)], [[], []])
    assert.deepEqual(starts(await outagesOfEvents(database, ['u-2'], [77])).length, 2)
  })

  it('has pieces that reach into a stretch of time, whole, and those that last', async () => {
    const { database } = test
    const within = (unitId: string, from: number, until: number) =>
      outagesWithin(database, { unitIds: [unitId] }, march + from * hourMs, march + until * hourMs)
    assert.deepEqual(await within('u-1', 0, 1), [
      { unitId: 'u-1', interruptionId: ids[3], from: march - 20 * hourMs, until: march + 2 * hourMs },
    ])
    assert.deepEqual(
      (await within('u-2', 5_000, 6_000)).map(({ until }) => until),
      [null],
    )
    assert.deepEqual(await within('u-2', 10, 20), [])
  })

  it('knows of an announcement that stands, and of none that was cancelled', async () => {
    const { database } = test
    const [plan] = await database.query<{ id: number }>(
      `insert into planned_interruption (element_kind, element_id, announced_from, announced_until, warned_at, cause, entered_by, entered_at)
       values ('switch', 'sw-1', '2026-03-01T08:00:00Z', '2026-03-01T12:00:00Z', '2026-02-20T00:00:00Z', 'work', 'operator', '2026-02-19')
       returning planned_id as id`,
    )
    await database.query('update interruption set planned_id = $2, programmed = true where interruption_id = $1', [
      ids[6],
      plan!.id,
    ])
    const announced = async () => (await factsOf(database, [ids[6]!]))[0]!.announced
    assert.deepEqual(await announced(), {
      from: Date.parse('2026-03-01T08:00:00Z'),
      until: Date.parse('2026-03-01T12:00:00Z'),
      warnedAt: Date.parse('2026-02-20T00:00:00Z'),
    })
    await database.query(`update planned_interruption set cancelled_at = '2026-02-28'`)
    assert.equal(await announced(), null)
  })
})
