import assert from 'node:assert/strict'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { daySpan, monthSpan } from '../domain/month.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { civilConjuntos, zonesOfConjuntos } from './civil-repository.ts'
import { seedConjunto } from './seeded-units.fixture.ts'

const iso = ({ from, until }: { from: number; until: number }) => [from, until].map((at) => new Date(at).toISOString())

describe('civil months of a conjunto', () => {
  for (const [zone, month, from, until] of [
    ['America/Sao_Paulo', '2026-03', '2026-03-01T03:00:00.000Z', '2026-04-01T03:00:00.000Z'],
    ['America/Manaus', '2026-03', '2026-03-01T04:00:00.000Z', '2026-04-01T04:00:00.000Z'],
    // Daylight saving until 2019: it ended on 18 February of 2018, and began again on 4 November.
    ['America/Sao_Paulo', '2018-02', '2018-02-01T02:00:00.000Z', '2018-03-01T03:00:00.000Z'],
    ['America/Sao_Paulo', '2018-11', '2018-11-01T03:00:00.000Z', '2018-12-01T02:00:00.000Z'],
    ['America/Cuiaba', '2018-02', '2018-02-01T03:00:00.000Z', '2018-03-01T04:00:00.000Z'],
    ['America/Manaus', '2018-02', '2018-02-01T04:00:00.000Z', '2018-03-01T04:00:00.000Z'],
  ] as const)
    it(`${month} in ${zone} is from ${from}`, () =>
      assert.deepEqual(iso(monthSpan(month, civilDaysIn(zone))), [from, until]))

  it('have days that begin at one where summer time began at midnight', () => {
    const day = daySpan('2018-11-04', civilDaysIn('America/Sao_Paulo'))!
    assert.equal((day.until - day.from) / 3_600_000, 23)
    assert.equal(new Date(day.from).toISOString(), '2018-11-04T03:00:00.000Z')
  })
})

describe('conjuntos as months are counted in them', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('have their zones, and their critical days from one to another', async () => {
    const { database } = test
    await seedConjunto(database, 'c-am', 'America/Manaus')
    await seedConjunto(database, 'c-sp')
    await database.query(
      `insert into critical_day (conjunto_id, day, occurrences, threshold, basis, approval_id)
       select 'c-am', day, 9, 4.3, '{}', 1 from unnest('{2026-02-27,2026-03-31,2026-03-02,2026-04-01}'::date[]) day`,
    )
    assert.deepEqual(await zonesOfConjuntos(database), ['America/Manaus'])
    const conjuntos = await civilConjuntos(database, '2026-03-01', '2026-03-31')
    assert.deepEqual(
      new Map(conjuntos.map(({ conjuntoId, ...rest }) => [conjuntoId, rest])),
      new Map([
        ['c-am', { timeZone: 'America/Manaus', criticalDays: ['2026-03-02', '2026-03-31'] }],
        ['c-sp', { timeZone: null, criticalDays: [] }],
      ]),
    )
  })
})
