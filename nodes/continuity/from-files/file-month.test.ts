import assert from 'node:assert/strict'
import { conjuntoMonthsOf, unitMonthsOf } from './file-month.ts'
import { monthFiles } from './month-files.fixture.ts'

const hours = (unit: string, day: number, count: number, more = ''): string => {
  const at = (hour: number) => new Date(Date.UTC(2026, 2, day, hour)).toISOString()
  return `${unit},${at(0)},${at(count)},${more}`
}

describe('a month of files', () => {
  const units = ['A,C1,BT,urban,60,8,5,6', 'B,C1,BT,urban,,8,5,6', 'C,C2,BT,urban,60,,,', 'D,C2,BT,urban,60,8,5,6']

  it('has the units with an outage in it, and what is due or missing', async () => {
    const files = await monthFiles(units, [hours('A', 2, 10), hours('B', 3, 10), hours('C', 3, 1), hours('D', 40, 9)])
    assert.deepEqual(
      [...unitMonthsOf(files)].map(({ unitId, compensation, pending }) => [unitId, compensation?.amountBrl, pending]),
      [
        ['A', 27.94, null],
        ['B', undefined, 'the monetary base (vrc_brl) is not given'],
        ['C', undefined, 'the limits of DEC and FEC of conjunto C2 for 2026 are not known'],
      ],
    )
  })

  it('takes a critical day as one of the whole conjunto', async () => {
    const files = await monthFiles(units, [hours('A', 2, 10), hours('B', 2, 4, 'true'), hours('D', 2, 10)])
    assert.deepEqual(
      [...unitMonthsOf(files)].map(({ dicMs, dicri }) => [dicMs / 3_600_000, dicri.length]),
      [
        [0, 1],
        [0, 1],
        [10, 0],
      ],
    )
  })

  it('sums units to their conjunto, over the units that the year has', async () => {
    const conjuntos = new Map([['C2', { decHundredths: 500, fecHundredths: 500, units: 10 }]])
    const files = await monthFiles(units, [hours('A', 2, 10), hours('B', 3, 10), hours('D', 3, 9)], { conjuntos })
    assert.deepEqual(
      conjuntoMonthsOf(files, unitMonthsOf(files)).map(({ conjuntoId, units: nuc, collective, ...money }) => [
        ...[conjuntoId, nuc, collective.decHundredths, collective.fecHundredths],
        ...[money.amountBrl, money.compensated, money.pending],
      ]),
      [
        ['C1', 2, 1_000, 100, 27.94, 1, 1],
        ['C2', 10, 90, 10, 25.15, 1, 0],
      ],
    )
  })
})
