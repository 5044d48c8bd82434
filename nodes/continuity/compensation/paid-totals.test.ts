import assert from 'node:assert/strict'
import fc from 'fast-check'
import { continuityCompensationOf } from '../domain/compensation.ts'
import { paidTotals, type PaidUnit } from './paid-totals.ts'

const hourMs = 3_600_000

function unit(
  conjuntoId: string | null,
  dic: number,
  dicri: readonly number[],
  area: 'urban' | 'non_urban' = 'urban',
): PaidUnit {
  const compensation = continuityCompensationOf({
    ...{ month: '2026-03', voltageClass: 'BT', vrcBrl: 60 },
    limits: { dicH: 8, fic: 5, dmicH: 6, dicriH: 8, diseH: 24, source: 'entered' },
    choices: {
      'continuity-compensated-value': 'whole',
      'continuity-compensation-cap': 'per-indicator',
      'continuity-individual-precision': 'exact',
    },
    unitMonth: {
      ...{ dicMs: dic * hourMs, fic: 1, dmicMs: 0, dise: [] },
      dicri: dicri.map((hours, index) => ({ interruptionId: index + 1, ms: hours * hourMs })),
    },
  })
  return { unitId: 'u', conjuntoId, voltageClass: 'BT', area, compensation }
}

async function* of(units: readonly PaidUnit[]): AsyncGenerator<PaidUnit> {
  yield* units
}

describe('what is due in all', () => {
  it('is told by conjunto, class, area and what it is paid for', async () => {
    const units = [
      unit('c-2', 10, []),
      unit('c-1', 10, [20]),
      unit('c-1', 10, [20, 9]),
      unit('c-1', 9, [], 'non_urban'),
    ]
    assert.deepEqual(
      (await paidTotals(of(units))).map((total) => Object.values(total)),
      [
        ['c-1', 'BT', 'non_urban', 'month', 2_515, 1],
        ['c-1', 'BT', 'urban', 'month', 5_588, 2],
        // 23.01 and 33.37: with what the month left of its cent.
        ['c-1', 'BT', 'urban', 'dicri', 5_638, 3],
        ['c-2', 'BT', 'urban', 'month', 2_794, 1],
      ],
    )
  })

  it('adds up to the amounts of the units, to the cent (property)', async () => {
    const hours = fc.integer({ min: 0, max: 40 })
    const units = fc.array(fc.tuple(fc.constantFrom('c-1', 'c-2', null), hours, fc.array(hours, { maxLength: 3 })))
    await fc.assert(
      fc.asyncProperty(units, async (facts) => {
        const all = facts.map(([conjuntoId, dic, dicri]) => unit(conjuntoId, dic, dicri))
        const cents = (await paidTotals(of(all))).reduce((sum, total) => sum + total.cents, 0)
        assert.equal(
          cents,
          all.reduce((sum, { compensation }) => sum + Math.round(compensation.amountBrl * 100), 0),
        )
      }),
    )
  })
})
