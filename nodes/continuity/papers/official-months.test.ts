import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { OfficialIndex } from '../domain/official-index.ts'
import { collectiveValues, compensationValues, serviceValues } from './official-months.ts'
import { namedConjuntos, officialLimits } from './official-repository.ts'
import { seedUnits } from './outages.fixture.ts'

describe('months for official files', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const month = { month: '2026-03', figures: 'closed' } as const
  const codesOf = async (values: AsyncIterable<OfficialIndex>): Promise<string[]> => {
    const codes: string[] = []
    for await (const { conjunto, code, hundredths } of values) codes.push(`${conjunto.id} ${code} ${hundredths}`)
    return codes
  }

  before(async () => {
    const { database } = test
    await seedUnits(database, [
      { unitId: 'at', conjuntoId: '10', nominalV: 138_000 },
      { unitId: 'bt', conjuntoId: '9' },
      { unitId: 'mt', conjuntoId: '9', nominalV: 13_800, area: 'non_urban' },
    ])
    await database.query("insert into conjunto (conjunto_id, name) values ('old', 'No number')")
    await database.query(
      `insert into conjunto_limit (conjunto_id, year, dec_hundredths, fec_hundredths)
       values ('10', 2026, 450, 400), ('9', 2026, 500, 600), ('9', 2025, 700, 800)`,
    )
  })

  it('are of conjuntos by number, those that have none last', async () =>
    assert.deepEqual(
      (await namedConjuntos(test.database)).map(({ id }) => id),
      ['9', '10', 'old'],
    ))

  it('without interruptions have zeros, and without units no DEC and FEC', async () => {
    const codes = await codesOf(collectiveValues(test.database, month))
    assert.ok(codes.includes('9 DEC 0') && codes.includes('9 NumCon 200') && codes.includes('old NumCon 0'))
    assert.ok(!codes.some((code) => code.startsWith('old DEC')))
  })

  it('tell of every kind of units that a conjunto has that nothing was paid, DISE from 2026 on', async () => {
    const codes = await codesOf(compensationValues(test.database, month))
    assert.deepEqual(
      codes.filter((code) => code.includes(' PG')),
      [
        '9 PGUCMTNU 0',
        '9 PGUCMTNUDC 0',
        '9 PGUCMTNUDS 0',
        '9 PGUCBTU 0',
        '9 PGUCBTUDC 0',
        '9 PGUCBTUDS 0',
        '10 PGUCAT 0',
      ],
    )
    const before = await codesOf(compensationValues(test.database, { ...month, month: '2025-03' }))
    assert.ok(!before.some((code) => code.includes('DS ')))
  })

  it('have a number of emergency occurrences for every conjunto', async () => {
    const codes = await codesOf(serviceValues(test.database, '2026-03'))
    assert.deepEqual(
      codes.filter((code) => code.includes('NumOcorr')),
      ['9 NumOcorr 0', '10 NumOcorr 0', 'old NumOcorr 0'],
    )
  })

  it('and limits of years are by year and conjunto', async () =>
    assert.deepEqual(
      (await officialLimits(test.database, [2025, 2026])).map(
        ({ year, conjunto, code }) => `${year} ${conjunto.id} ${code}`,
      ),
      ['2025 9 DEC', '2025 9 FEC', '2026 9 DEC', '2026 9 FEC', '2026 10 DEC', '2026 10 FEC'],
    ))
})
