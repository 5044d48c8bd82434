import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { seedMoney, useControl } from './control.fixture.ts'
import { correctionKind, type DecidedCorrection } from './correction-kind.ts'

const hourMs = 3_600_000
const noon = Date.parse('2026-03-10T15:00:00Z')
const iso = (at: number): string => new Date(at).toISOString()
const kind = 'continuity/correction'

describe('approvals of corrections', function () {
  this.timeout(60_000)
  const applied: { correction: DecidedCorrection; approvalId: number }[] = []
  const test = useControl(
    [],
    [
      correctionKind(async (_client, correction, { approvalId }) => {
        applied.push({ correction, approvalId })
      }),
    ],
  )
  let first = 0
  const brl = (hours: number) => Math.floor((hours * 60 * 34 * 100) / 730 + 1e-6) / 100

  before(async () => {
    const { database } = test.database
    await seedConjunto(database, 'c-1')
    await seedUnits(database, 'c-1', ['u-1', 'u-2', 'u-3'])
    await seedMoney(database, '2026-03', ['u-1', 'u-2', 'u-3'])
    const out = (unitId: string, from: number, hours: number) => ({ unitId, from, until: from + hours * hourMs })
    const seeded = await seedInterruptions(database, [{ units: [out('u-1', noon, 10), out('u-2', noon, 12)] }])
    first = seeded.interruptionIds[0]!
  })
  const time = (from: number, until: number, supplied: boolean, unitIds?: string[]) => ({
    ...{ from: iso(from), until: iso(until), supplied, ...(unitIds && { unitIds }) },
  })

  it('of an end show what is due less, and give on what was decided when they are approved', async () => {
    const back = noon + 9 * hourMs
    const proposal = await test.decide(kind, { interruptionId: first, times: [time(back, noon + 99 * hourMs, true)] })
    const expected = brl(9) - brl(10) + (brl(9) - brl(12))
    assert.equal(proposal.effect.deltaBrl, Math.round(expected * 100) / 100)
    assert.equal(proposal.effect.units, 2)
    const [{ correction, approvalId }] = applied as [(typeof applied)[0]]
    assert.equal(approvalId, proposal.approvalId)
    assert.deepEqual(correction, {
      interruptionId: first,
      times: [{ from: back, until: noon + 99 * hourMs, supplied: true, unitIds: ['u-1', 'u-2'] }],
    })
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
    assert.equal(effect.deltaBrl, -Math.round((brl(10) + brl(12)) * 100) / 100)
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
})
