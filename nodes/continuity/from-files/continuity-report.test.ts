import assert from 'node:assert/strict'
import { continuityReport } from './continuity-report.ts'
import { conjuntoMonthsOf, unitMonthsOf } from './file-month.ts'
import { monthFiles } from './month-files.fixture.ts'

describe('tables of a month', () => {
  it('show the units to which most is due, however many there are, and say how many more', async () => {
    const names = Array.from({ length: 2_100 }, (_, index) => `U${String(index).padStart(4, '0')}`)
    const files = await monthFiles(
      names.map((name, index) => `${name},C1,BT,urban,${index},8,5,6`),
      names.map((name) => `${name},2026-03-02T00:00:00Z,2026-03-02T10:00:00Z,`),
    )
    const text = continuityReport(conjuntoMonthsOf(files, unitMonthsOf(files)), unitMonthsOf(files), 'en')
    const shown = [...text.matchAll(/^(U\d{4})  C1 /gm)].map(([, name]) => name)
    assert.deepEqual([shown.length, shown[0], shown.at(-1)], [40, 'U2099', 'U2060'])
    assert.match(text, /^2060 more units with interruptions: --json has all of them\.$/m)
  })

  it('show first the units that wait, and for what', async () => {
    const files = await monthFiles(
      ['A,C1,BT,urban,60,8,5,6', 'B,C1,BT,urban,,8,5,6'],
      ['A', 'B'].map((unit) => `${unit},2026-03-02T00:00:00Z,2026-03-02T10:00:00Z,`),
    )
    const text = continuityReport(conjuntoMonthsOf(files, unitMonthsOf(files)), unitMonthsOf(files), 'pt')
    assert.match(text, /^B +C1 +BT .* \?$\nA +C1 +BT .* 27,94$/m)
    assert.match(text, /^B: aguarda: the monetary base/m)
    assert.match(text, /^A  R\$ 27,94 = DIC min\(max\(10 · 60\/730 · 34, 0,01\), 1080\)$/m)
  })
})
