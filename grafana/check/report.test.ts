import assert from 'node:assert/strict'
import { faultsOf, neverAnswered, report } from './report.ts'
import type { Ran } from './run-dashboard.ts'

const ran = (changed: Partial<Ran>): Ran => ({
  ...{ panel: 'Carga', refId: 'A', text: 'select 1', ms: 12, named: [] },
  result: { columns: ['Carga'], rows: 3, first: [1.23456], values: [] },
  ...changed,
})

describe('what the check reports', () => {
  it('is a row for each query', () =>
    assert.match(report('Alimentador', [ran({})]), /^Alimentador\s+Carga\s+A\s+Carga\s+1\.235\s+3\s+12$/m))

  it('finds fault with errors, slow queries, missing columns and panels without data', () => {
    const empty = { columns: ['Carga'], rows: 0, first: [], values: [] }
    assert.deepEqual(faultsOf('D', [ran({})]), [])
    assert.deepEqual(faultsOf('D', [ran({ result: empty, refId: 'annotation' })]), [])
    assert.match(faultsOf('D', [ran({ error: 'no such table' })])[0]!, /D · Carga · A: no such table/)
    assert.match(faultsOf('D', [ran({ ms: 201 })])[0]!, /took 201 ms/)
    assert.match(faultsOf('D', [ran({ named: ['Limite'] })])[0]!, /no column "Limite"/)
    assert.match(faultsOf('D', [ran({ result: empty })])[0]!, /no data/)
    assert.deepEqual(faultsOf('D', [ran({ result: empty }), ran({ refId: 'B' })]), [])
    const sumOfNothing = { columns: ['Carga'], rows: 1, first: [null], values: [{ Carga: null }] }
    assert.match(faultsOf('D', [ran({ result: sumOfNothing })])[0]!, /no data/)
  })

  it('finds queries that answer nothing in any look, though others of their panel do', () => {
    const empty = { columns: [], rows: 0, first: [], values: [] }
    const look = (...all: readonly Ran[]) => ({ title: 'D', chosen: '', ran: all })
    const first = look(ran({}), ran({ refId: 'B', result: empty }), ran({ refId: 'C', result: empty }))
    const second = look(ran({}), ran({ refId: 'B' }), ran({ refId: 'C', result: empty }))
    assert.deepEqual(neverAnswered([first, second]), ['D · Carga · C: no data, whatever was chosen'])
  })
})
