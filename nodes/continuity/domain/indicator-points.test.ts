import assert from 'node:assert/strict'
import { conjuntoLine, pointOfMonth, unitLine } from './indicator-points.ts'

const hourMs = 3_600_000
const at = 1_774_000_000_000

describe('points of indicators', () => {
  const unit = {
    ...{ unitId: 'u-1', feederId: 'f-1', conjuntoId: 'c-1', month: '2026-03', dicMs: 10 * hourMs, fic: 2 },
    ...{ dmicMs: 8 * hourMs, dicri: [], dise: [{ interruptionId: 1, ms: 30 * hourMs }], parcels: {} },
    ...{ violated: ['DIC', 'DISE'], compensationBrl: 27.94, lasts: true },
  }

  it('have a unit with its feeder and conjunto', () => {
    const line = unitLine(unit, at)!
    assert.match(line, /^continuity_unit,\S*unit=u-1/)
    for (const part of [
      'feeder=f-1',
      'conjunto=c-1',
      'dic_h=10',
      'fic=2',
      'dise_h=30',
      'violated="DIC,DISE"',
      'compensation_brl=27.94',
    ])
      assert.ok(line.includes(part), `${part} in ${line}`)
  })

  it('leave out what is not known', () => {
    const line = unitLine({ ...unit, feederId: null, conjuntoId: null, compensationBrl: null }, at)!
    assert.doesNotMatch(line, /feeder|conjunto|compensation/)
  })

  it('have DEC and FEC of a conjunto with their parcels, and none without units', () => {
    const month = { conjuntoId: 'c-1', month: '2026-03', units: 4, parcels: { IND: { ms: 10 * hourMs, count: 2 } } }
    const line = conjuntoLine(month, 'rounded', at)!
    for (const part of ['conjunto=c-1', 'dec_h=2.5', 'fec=0.5', 'dec_ind_h=2.5', 'dec_xn_h=0'])
      assert.ok(line.includes(part), `${part} in ${line}`)
    assert.equal(conjuntoLine({ ...month, units: 0 }, 'rounded', at), undefined)
  })

  it('stand where they were computed, and at the end of a month that is over', () => {
    assert.equal(pointOfMonth(at, at + 1), at)
    assert.equal(pointOfMonth(at + 5_000, at), at - 1)
  })
})
