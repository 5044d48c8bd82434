import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { unitMonths } from '../indicators/unit-months.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { enterRecords } from '../registers/enter-rows.ts'
import { registerNamed } from '../registers/registers.ts'
import { seedMoney, useControl } from './control.fixture.ts'

const hourMs = 3_600_000
const kind = 'continuity/critical-day'

describe('approvals of critical days', function () {
  this.timeout(60_000)
  const test = useControl()
  const day = { conjuntoId: 'c-1', day: '2026-03-31' }
  const monthOf = async (month: string) => (await unitMonths(test.database.database, { month, unitIds: ['u-1'] }))[0]!

  before(async () => {
    const { database } = test.database
    await seedConjunto(database, 'c-1')
    await seedConjunto(database, 'quiet')
    await seedUnits(database, 'c-1', ['u-1', 'u-2'])
    for (const month of ['2026-03', '2026-04']) await seedMoney(database, month, ['u-1', 'u-2'])
    const days = (conjuntoId: string, days: Record<string, number>) =>
      Object.entries(days).map(([day, occurrences]) => ({ conjuntoId, day, occurrences }))
    await enterRecords(
      database,
      registerNamed('emergency-days')!,
      days('c-1', { '2024-05-01': 2, '2025-05-01': 3, '2026-03-31': 40, '2026-03-30': 0 }),
      { name: 'tester', at: Date.UTC(2026, 5, 1) },
    )
    // From noon of the day in São Paulo into the next month: 12 h in March, 8 h in April.
    const from = Date.parse('2026-03-31T15:00:00Z')
    await seedInterruptions(database, [
      { units: [{ unitId: 'u-1', from, until: from + 20 * hourMs }] },
      { units: [{ unitId: 'u-2', from: from - 48 * hourMs, until: from - 44 * hourMs }] },
    ])
  })

  it('show first what is due less and what more, in all months that it reaches', async () => {
    const { effect } = await test.proposed(kind, day)
    const brl = (hours: number, kei: number) => Math.floor((hours * 60 * kei * 100) / 730 + 1e-6) / 100
    // March: DIC 12 h falls away, DICRI 20 h comes (14 instead of 34). April: 8 h, above the 6 h of DMIC, fall away.
    assert.equal(effect.deltaBrl, Math.round((brl(20, 14) - brl(12, 34) - brl(8, 34)) * 100) / 100)
    assert.deepEqual([effect.months, effect.units], [['2026-03', '2026-04'], 1])
    assert.deepEqual(Object.keys(effect.byIndicatorBrl).toSorted(), ['DIC', 'DICRI', 'DMIC'])
    assert.deepEqual(
      effect.conjuntos.map(({ month, decDeltaHundredths }: Record<string, unknown>) => [month, decDeltaHundredths]),
      [
        ['2026-03', -600],
        ['2026-04', -400],
      ],
    )
    assert.equal(effect.occurrences, 40)
    assert.ok(effect.threshold.perDay < 1 && effect.threshold.days === 731)
    assert.equal((await monthOf('2026-03')).dicMs, 12 * hourMs)
  })

  it('make it one when they are approved, and not again; and take it back the same way', async () => {
    const { items } = (await test.as('viewer').get('/api/approvals?status=proposed')).body
    assert.equal((await test.approve(items[0])).status, 200)
    const march = await monthOf('2026-03')
    assert.deepEqual([march.dicMs, march.dicri.map(({ ms }) => ms)], [0, [20 * hourMs]])
    const again = await test.propose(kind, day)
    assert.deepEqual([again.status, again.body.detail], [409, '2026-03-31 is a critical day of c-1 already'])
    const back = await test.decide(`${kind}-taken-back`, day)
    assert.equal(back.effect.deltaBrl, -items[0].effect.deltaBrl)
    assert.equal((await monthOf('2026-03')).dicMs, 12 * hourMs)
    const twice = await test.propose(`${kind}-taken-back`, day)
    assert.deepEqual([twice.status, twice.body.detail], [409, '2026-03-31 is no critical day of c-1'])
  })

  it('refuse a day that is not above its threshold, of which nothing is known, or that is none', async () => {
    const calm = await test.propose(kind, { ...day, day: '2026-03-30' })
    assert.equal(calm.status, 409)
    assert.match(calm.body.detail, /^2026-03-30 had 0 occurrences in c-1: a critical day has more than 0\.\d\d$/)
    const quiet = await test.propose(kind, { ...day, conjuntoId: 'quiet' })
    assert.deepEqual(
      [quiet.status, quiet.body.detail],
      [409, 'nothing is known of the occurrences of quiet before 2026'],
    )
    for (const [body, field] of [
      [{ ...day, conjuntoId: 'nowhere' }, 'body.body.conjuntoId'],
      [{ ...day, day: '2026-02-30' }, 'body.body.day'],
    ] as const) {
      const { status, body: answer } = await test.propose(kind, body)
      assert.deepEqual([status, answer.errors[0].field], [400, field])
    }
  })
})
