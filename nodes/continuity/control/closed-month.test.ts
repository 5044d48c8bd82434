import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { seedMoney, useControl } from './control.fixture.ts'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { continuityRoutes } from '../routes.ts'

const at = (text: string): number => Date.parse(text)
const outage = (unitId: string, from: string, until: string) => ({
  units: [{ unitId, from: at(from), until: at(until) }],
})

describe('files of a closed month', function () {
  this.timeout(60_000)
  const test = useControl([continuityRoutes])
  const file = async (kind: string, more = '') => {
    const { status, text } = await test
      .as('viewer')
      .get(`/api/quality/exports/continuity/${kind}?year=2026&month=3${more}`)
    assert.equal(status, 200, text)
    return text
  }
  const valueOf = (text: string, code: string): string | undefined =>
    new RegExp(`;${code};2026;3;([\\d,]+)\\r`).exec(text)?.[1]

  before(async () => {
    const { database } = test.database
    await seedConjunto(database, '77')
    await seedUnits(database, '77', ['u-1', 'u-2'])
    await seedMoney(database, '2026-03', ['u-1', 'u-2'])
    await seedInterruptions(database, [outage('u-1', '2026-03-10T12:00Z', '2026-03-10T22:00Z')])
    const close = { reason: 'Fechamento', evidence: 'Ata 7' }
    const proposed = await test.as('operator').post('/api/quality/continuity/months/2026-03/close', close)
    assert.equal(proposed.status, 201, proposed.text)
    const approved = await test.approve(proposed.body)
    assert.equal(approved.status, 200, approved.text)
  })

  it('before anything changes are those of now', async () => {
    for (const kind of ['indicators', 'compensation'])
      assert.equal(await file(kind), await file(kind, '&figures=now'), kind)
    const text = await file('indicators')
    assert.deepEqual(
      ['DEC', 'FEC', 'NumCon', 'DECIND', 'DECXPC'].map((code) => valueOf(text, code)),
      ['5,00', '0,50', '2,00', '5,00', '0,00'],
    )
    const paid = await file('compensation')
    assert.deepEqual([valueOf(paid, 'PGUCBTU'), valueOf(paid, 'QTUCBTU')], ['27,94', '1,00'])
  })

  it('stay as they were closed, whatever is known later; those of now say what would be', async () => {
    const closed = [await file('indicators'), await file('compensation')]
    await seedInterruptions(test.database.database, [outage('u-2', '2026-03-11T12:00Z', '2026-03-11T22:00Z')])
    assert.deepEqual([await file('indicators'), await file('compensation')], closed)
    assert.equal(valueOf(await file('indicators', '&figures=now'), 'DEC'), '10,00')
    assert.equal(valueOf(await file('compensation', '&figures=now'), 'PGUCBTU'), '55,88')
    const checked = await test
      .as('viewer')
      .post('/api/quality/exports/continuity/indicators/check?figures=now', closed[0], { 'content-type': 'text/csv' })
    assert.deepEqual(
      checked.body.differences.map(({ code, file: was, here }: Record<string, unknown>) => [code, was, here]),
      [
        ['DEC', 5, 10],
        ['FEC', 0.5, 1],
        ['DECIND', 5, 10],
        ['FECIND', 0.5, 1],
      ],
    )
  })
})
