import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { unitMonths } from '../indicators/unit-months.ts'
import { interruptionEntryRoutes } from '../interruptions/entry-routes.ts'
import { seedMoney, useControl } from './control.fixture.ts'

const hourMs = 3_600_000
const noon = Date.parse('2026-03-10T15:00:00Z')
const iso = (at: number): string => new Date(at).toISOString()
const kind = 'continuity/correction'

describe('approvals of corrections', function () {
  this.timeout(60_000)
  const test = useControl([interruptionEntryRoutes])
  let first = 0
  const brl = (hours: number) => Math.floor((hours * 60 * 34 * 100) / 730 + 1e-6) / 100

  before(async () => {
    const { database } = test.database
    await seedConjunto(database, 'c-1')
    await seedUnits(database, 'c-1', ['u-1', 'u-2', 'u-3'])
    await seedMoney(database, '2026-03', ['u-1', 'u-2', 'u-3'])
    const entered = await test.as('operator').post('/api/quality/continuity/outages', {
      ...{ unitIds: ['u-1', 'u-2'], from: iso(noon), until: iso(noon + 10 * hourMs), evidence: 'crew 7' },
    })
    assert.equal(entered.status, 201, entered.text)
    const [row] = await database.query<{ id: number }>('select interruption_id::float8 as id from interruption')
    first = row!.id
  })
  const time = (from: number, until: number, supplied: boolean, unitIds?: string[]) => ({
    ...{ from: iso(from), until: iso(until), supplied, ...(unitIds && { unitIds }) },
  })

  it('of a unit that was out as well show what is due more', async () => {
    const { effect } = await test.proposed(kind, {
      interruptionId: first,
      times: [time(noon, noon + 11 * hourMs, false, ['u-3'])],
    })
    assert.deepEqual([effect.deltaBrl, effect.greatestUnits[0].unitId], [brl(11), 'u-3'])
    assert.equal(effect.conjuntos[0].fecDeltaHundredths, 33)
  })

  it('of the origin show that nothing is due any more', async () => {
    const { effect } = await test.proposed(kind, { interruptionId: first, origin: 'external' })
    assert.equal(effect.deltaBrl, -2 * brl(10))
  })

  it('of what it was programmed show that the same is due, in another parcel', async () => {
    const { effect } = await test.proposed(kind, { interruptionId: first, programmed: true })
    assert.deepEqual([effect.deltaBrl, effect.units], [0, 2])
  })

  it('refuse what cannot be', async () => {
    const ahead = Date.now() + hourMs
    for (const [body, field] of [
      [{ interruptionId: first }, 'body.body'],
      [{ interruptionId: 987_654, programmed: true }, 'body.body.interruptionId'],
      [{ interruptionId: first, times: [time(noon, noon, true)] }, 'body.body.times.0.until'],
      [{ interruptionId: first, times: [time(noon, ahead, true)] }, 'body.body.times.0.until'],
      [{ interruptionId: first, times: [time(noon - 32 * 24 * hourMs, noon, false)] }, 'body.body.times.0.from'],
      [{ interruptionId: first, times: [time(noon, noon + 32 * 24 * hourMs, true)] }, 'body.body.times.0.until'],
      [{ interruptionId: first, times: [time(noon, noon + 1, true, ['u-3'])] }, 'body.body.times.0.unitIds.0'],
      [{ interruptionId: first, times: [time(noon, noon + 1, false, ['u-1', 'x'])] }, 'body.body.times.0.unitIds.1'],
    ] as const) {
      const { status, body: answer } = await test.propose(kind, body)
      assert.deepEqual([status, answer.errors?.[0]?.field], [400, field], JSON.stringify(answer))
    }
  })

  it('of an end show what is due less, and hold when they are approved, with an audit of it', async () => {
    const { database } = test.database
    const back = noon + 9 * hourMs
    const times = [time(back, noon + 99 * hourMs, true)]
    const proposal = await test.decide(kind, { interruptionId: first, times, cause: 'vehicle' })
    assert.deepEqual(
      [proposal.effect.deltaBrl, proposal.effect.units],
      [Math.round(2 * (brl(9) - brl(10)) * 100) / 100, 2],
    )
    const [month] = await unitMonths(database, { month: '2026-03', unitIds: ['u-1'] })
    assert.deepEqual([month!.dicMs, month!.compensation!.amountBrl], [9 * hourMs, brl(9)])
    const audit = await database.query<{ approvalId: number; username: string }>(
      `select approval_id::float8 as "approvalId", username from interruption_audit where act = 'corrected'`,
    )
    assert.ok(
      audit.length > 0 &&
        audit.every((line) => line.approvalId === proposal.approvalId && line.username === 'engineer'),
    )
  })
})
