import assert from 'node:assert/strict'
import { continuityJson, totalsOf } from './continuity-json.ts'
import { conjuntoMonthsOf, unitMonthsOf } from './file-month.ts'
import { monthFiles } from './month-files.fixture.ts'

const printed = async (units: string[], interruptions: string[]) => {
  const files = await monthFiles(units, interruptions)
  const head = { month: '2026-03', chosen: {}, rounding: 'rounded', facts: files.interruptions.facts } as const
  const conjuntos = conjuntoMonthsOf(files, unitMonthsOf(files))
  return [...continuityJson(head, conjuntos, unitMonthsOf(files))].join('')
}

describe('a month as JSON', () => {
  it('is JSON also without units, and without conjuntos', async () => {
    for (const units of [[], ['A,C1,BT,,,,,']]) {
      const { totals, conjuntos, units: months } = JSON.parse(await printed(units, [])) as Record<string, unknown[]>
      assert.deepEqual(
        [totals, conjuntos!.length, months],
        [{ units: units.length, compensated: 0, pending: 0, amountBrl: 0 }, units.length, []],
      )
    }
  })

  it('has a line for each conjunto and unit', async () => {
    const units = ['A,C1,BT,urban,60,8,5,6', 'B,C1,BT,urban,60,8,5,6']
    const text = await printed(
      units,
      ['A', 'B'].map((unit) => `${unit},2026-03-02T00:00:00Z,2026-03-02T10:00:00Z,`),
    )
    assert.deepEqual(text.split('\n').filter((line) => /^ {4}\{.*\},?$/.test(line)).length, 3)
    assert.match(text, /"interruption":null|"items":\[\{"indicator":"DIC"/)
  })

  it('sums money in cents', () => {
    const conjunto = { conjuntoId: 'C', units: 1, parcels: {}, limit: null, compensated: 1, pending: 0 }
    const collective = { decHundredths: 0, fecHundredths: 0 }
    const many = Array.from({ length: 10 }, () => ({ ...conjunto, collective, amountBrl: 0.1 }))
    assert.deepEqual(totalsOf(many), { units: 10, compensated: 10, pending: 0, amountBrl: 1 })
  })
})
