import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { lastChange } from '../interruptions/change-repository.ts'
import { interruptionRoutes } from '../interruptions/interruption-routes.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { seedMoney, useControl } from './control.fixture.ts'

const hourMs = 3_600_000
const noon = Date.parse('2026-03-10T15:00:00Z')

describe('approvals of exclusions', function () {
  this.timeout(60_000)
  const test = useControl([interruptionRoutes])
  const unitIds = Array.from({ length: 12 }, (_, n) => `u-${String(n + 1).padStart(2, '0')}`)
  let ids: number[] = []

  before(async () => {
    const { database } = test.database
    await seedConjunto(database, 'c-1')
    await seedUnits(database, 'c-1', [...unitIds, 'poor'])
    await seedMoney(database, '2026-03', unitIds)
    const outages = unitIds.map((unitId, n) => ({ unitId, from: noon, until: noon + (9 + n) * hourMs }))
    const later = { unitId: 'u-01', from: noon + 48 * hourMs, until: noon + 51 * hourMs }
    const poor = { unitId: 'poor', from: noon, until: noon + 20 * hourMs }
    const seeded = await seedInterruptions(database, [{ units: outages }, { units: [later] }, { units: [poor] }])
    ids = seeded.interruptionIds
  })
  const standing = async () =>
    (
      await test.database.database.query<{ id: number }>(
        'select exclusion_id::float8 as id from interruption_exclusion where taken_back_by is null order by 1',
      )
    ).map(({ id }) => id)

  it('show first what is due less: in all, by indicator, of the ten units with most, and what becomes of DEC and FEC', async () => {
    const { effect } = await test.proposed('continuity/exclusion', {
      interruptionId: ids[0]!,
      reason: 'external-origin',
    })
    // 12 units, of 9 to 20 hours: Σ truncated (h · 60/730 · 34); u-01 has 3 h more in the month.
    const due = unitIds.map((_, n) => Math.floor((9 + n + (n === 0 ? 3 : 0)) * (60 / 730) * 34 * 100 + 1e-6))
    assert.equal(effect.deltaBrl, -due.reduce((sum, cents) => sum + cents, 0) / 100)
    assert.deepEqual([effect.units, effect.months, effect.withoutAmount.count], [12, ['2026-03'], 0])
    assert.deepEqual(Object.keys(effect.byIndicatorBrl), ['DIC'])
    assert.equal(effect.greatestUnits.length, 10)
    const [greatest] = effect.greatestUnits
    assert.deepEqual([greatest.unitId, greatest.before.dicH, greatest.after.dicH], ['u-12', 20, 0])
    // Of 13 units: 174 h of the first interruption, 3 h of the second, 20 h of the third.
    assert.deepEqual(effect.conjuntos, [
      {
        ...{ conjuntoId: 'c-1', month: '2026-03', decHundredths: 177, fecHundredths: 15 },
        ...{ decDeltaHundredths: 177 - 1515, fecDeltaHundredths: 15 - 108 },
      },
    ])
    assert.deepEqual(await standing(), [])
  })

  it('say of how many units it cannot be said, and why', async () => {
    const { effect } = await test.proposed('continuity/exclusion', { interruptionId: ids[2]!, reason: 'rationing' })
    assert.equal(effect.deltaBrl, null)
    assert.match(effect.notComputable, /of no unit it can be said what is due: .*conjunto c-1/)
    assert.deepEqual([effect.units, effect.withoutAmount.count], [1, 1])
  })

  it('are of the unit alone whose own matter it was, also where others turn out to have been in it', async () => {
    const { effect, approvalId } = await test.decide('continuity/exclusion', {
      interruptionId: ids[2]!,
      reason: 'suspension',
    })
    assert.equal(effect.units, 1)
    const [kept] = await test.database.database.query<{ id: number; unitId: string | null }>(
      'select exclusion_id::float8 as id, unit_id as "unitId" from interruption_exclusion where approval_id = $1',
      [approvalId],
    )
    assert.equal(kept!.unitId, 'poor')
    await test.decide('continuity/exclusion-taken-back', { exclusionId: kept!.id })
  })

  it('take it out of the indicators when it is approved, tell those that follow, and put it back the same way', async () => {
    const before = await lastChange(test.database.database)
    const body = { interruptionId: ids[1]!, unitId: 'u-01', reason: 'unit-installation' }
    const interruption = `/api/quality/continuity/interruptions/${ids[1]}`
    const { effect, approvalId } = await test.decide('continuity/exclusion', body)
    assert.equal(effect.units, 1)
    assert.ok((await lastChange(test.database.database)) > before)
    const [exclusionId] = await standing()
    const [kept] = await test.database.database.query(
      'select approval_id::float8 as "approvalId", evidence from interruption_exclusion where exclusion_id = $1',
      [exclusionId],
    )
    assert.deepEqual(kept, { approvalId, evidence: 'Processo 48500.1/2026' })
    const shown = async () => (await test.as('viewer').get(interruption)).body.exclusions
    assert.deepEqual(await shown(), [
      { exclusionId, reason: 'unit-installation', unitId: 'u-01', situationId: null, approvalId },
    ])
    const again = await test.propose('continuity/exclusion', body)
    assert.deepEqual([again.status, again.body.detail], [409, `that is so already: exclusion ${exclusionId}`])
    const back = await test.decide('continuity/exclusion-taken-back', { exclusionId })
    assert.equal(back.effect.deltaBrl, -effect.deltaBrl)
    assert.deepEqual(await standing(), [])
    assert.deepEqual(await shown(), [])
    const twice = await test.propose('continuity/exclusion-taken-back', { exclusionId })
    assert.deepEqual(
      [twice.status, twice.body.detail],
      [409, `exclusion ${exclusionId} has been taken back already: approval ${back.approvalId}`],
    )
  })

  it('go by the instant of the proposal where something lasts: hours of thinking do not move the amount', async () => {
    const { database } = test.database
    const from = Date.parse('2026-11-02T00:00:00Z')
    await seedMoney(database, '2026-11', ['u-05'])
    const { interruptionIds } = await seedInterruptions(
      database,
      [{ units: [{ unitId: 'u-05', from, until: null }] }],
      from,
    )
    const at = from + 24 * hourMs
    platformClock.set({ at, rate: 1 })
    try {
      const proposal = await test.proposed('continuity/exclusion', {
        interruptionId: interruptionIds[0]!,
        reason: 'rationing',
      })
      const due = Math.floor((24 * 60 * 34 * 100) / 730) / 100
      assert.ok(Math.abs(proposal.effect.deltaBrl + due) <= 0.02, proposal.effect.deltaBrl)
      platformClock.set({ at: at + 48 * hourMs, rate: 1 })
      const { status, body } = await test.approve(proposal)
      assert.deepEqual([status, body.decidedEffect?.deltaBrl], [200, proposal.effect.deltaBrl])
    } finally {
      platformClock.set(undefined)
    }
  })

  it('refuse what cannot be', async () => {
    for (const [body, field, problem] of [
      [{ interruptionId: 987_654, reason: 'rationing' }, 'interruptionId', /is no interruption/],
      [{ interruptionId: ids[0]!, unitId: 'poor', reason: 'rationing' }, 'unitId', /is no unit of interruption/],
      [{ interruptionId: ids[0]!, reason: 'suspension' }, 'reason', /is of one user: name its unit/],
      [{ interruptionId: ids[0]!, reason: 'emergency' }, 'reason', /takes a situationId/],
      [
        { interruptionId: ids[0]!, reason: 'rationing', situationId: 's-1' },
        'situationId',
        /for the reason emergency only/,
      ],
      [
        { interruptionId: ids[0]!, reason: 'emergency', situationId: 's-9' },
        'situationId',
        /is no situation of emergency/,
      ],
      [{ interruptionId: ids[0]!, reason: 'weather' }, 'reason', /must be one of/],
    ] as const) {
      const { status, body: answer } = await test.propose('continuity/exclusion', body)
      assert.deepEqual([status, answer.errors?.[0]?.field], [400, `body.body.${field}`], JSON.stringify(answer))
      assert.match(answer.errors[0].problem, problem)
    }
    const { status } = await test.propose('continuity/exclusion-taken-back', { exclusionId: 987_654 })
    assert.equal(status, 400)
  })

  it('are not changed past their approvals', async () => {
    await test.decide('continuity/exclusion', { interruptionId: ids[1]!, unitId: 'u-01', reason: 'rationing' })
    const { database } = test.database
    await assert.rejects(
      database.query("update interruption_exclusion set reason = 'suspension'"),
      /taken back, and not changed/,
    )
    await assert.rejects(database.query('delete from interruption_exclusion'), /permission denied/)
  })
})
