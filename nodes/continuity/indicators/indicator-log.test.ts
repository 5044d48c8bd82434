import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { provideStandingConditions } from '../../../platform/conditions/standing-conditions.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import { violationsChanged } from './indicator-change-repository.ts'
import { IndicatorConditions } from './indicator-conditions.ts'
import { indicatorChanges } from './indicator-log.ts'
import { indicatorBatches } from './indicator-messages.ts'
import { IndicatorPointWriter } from './indicator-points.ts'
import { seedConjunto, seedUnits } from './seeded-units.fixture.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const days = civilDaysIn('America/Sao_Paulo')

describe('the log of indicators', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(async () => {
    const { database } = test
    await seedConjunto(database, 'c-1')
    await seedUnits(
      database,
      'c-1',
      Array.from({ length: 1_200 }, (_, n) => `u-${String(n).padStart(4, '0')}`),
    )
    const insert = (changed: number, month: string, from: string, to: string, violated: string) =>
      database.query(
        `insert into unit_continuity (unit_id, month, dic_ms, fic, dmic_ms, changed, violation_changed, computed_at, lasts, dicri, dise, parcels, violated)
         select unit_id, $2::date, 7200000, 1, 7200000, $1::bigint, case when $5 = '{}' then 0 else $1::bigint end, '2026-03-10T11:59:00Z', false, '[]', '[]',
           '{"IND": {"ms": 7200000, "count": 1}}', $5::text[]
         from consumer_unit where unit_id between $3 and $4`,
        [changed, month, from, to, violated],
      )
    await insert(3, '2026-03-01', 'u-0000', 'u-0599', '{DIC}')
    await insert(5, '2026-03-01', 'u-0600', 'u-1199', '{}')
    await insert(6, '2026-02-01', 'u-0598', 'u-0601', '{FIC}')
    await database.query(
      `insert into conjunto_continuity values ('c-1', '2026-03-01', 1200, '{"IND": {"ms": 8640000000, "count": 1200}}', 7, '2026-03-10T12:00:00Z')`,
    )
  })
  const after = (position: number, most: number) =>
    test.database.transaction((client) => indicatorChanges.after(client, position, most))

  it('has a commit an entry, in order, as many as make up what is asked for', async () => {
    assert.deepEqual(await after(0, 10_000), [
      { position: 3, months: 600 },
      { position: 5, months: 600 },
      { position: 6, months: 4 },
      { position: 7, months: 1 },
    ])
    assert.deepEqual(await after(3, 600), [{ position: 5, months: 600 }])
    // Of the last one fewer may be counted.
    assert.deepEqual(await after(0, 700), [
      { position: 3, months: 600 },
      { position: 5, months: 100 },
    ])
    assert.deepEqual(await indicatorChanges.lagAfter(test.database, 5), { batches: 2, readings: 5 })
  })

  it('becomes messages of at most 500 months', async () => {
    const sizes: [string, number][] = []
    for await (const { topic, payload } of indicatorBatches(test.database, 2, 7)) sizes.push([topic, payload.length])
    assert.deepEqual(sizes, [
      ...Array.from({ length: 2 }, () => ['continuity/units', 500]),
      ['continuity/units', 204],
      ['continuity/conjuntos', 1],
    ])
  })

  it('becomes conditions of the present month; what was said of the one before is taken back', async () => {
    const conditions = new IndicatorConditions(days, 0.8)
    const said: string[] = []
    for await (const some of conditions.after(test.database, 0, 7, now))
      said.push(...some.map(({ kind, subject, state }) => `${kind} ${subject} ${state}`))
    // Above a limit in February: 598 to 601; the first two still are.
    assert.deepEqual(said.slice(0, 2), ['unit-limit u-0600 normal', 'unit-limit u-0601 normal'])
    assert.equal(said.filter((line) => line.endsWith('active')).length, 600)
    assert.deepEqual(said.slice(-2), ['dec-limit c-1 normal', 'fec-limit c-1 normal'])
    const again: unknown[] = []
    for await (const some of conditions.after(test.database, 6, 7, now)) again.push(...some)
    assert.deepEqual(again, [])
    assert.equal((await violationsChanged(test.database, '2026-03', 3, 7)).length, 0)
  })

  it('takes back what stands of what is long over: months that nothing ran through, years of which nothing is known', async () => {
    const standing = (kind: string, subject: string, parameters: Record<string, string>): Condition => ({
      ...{
        key: conditionKey<string>('continuity', kind, subject),
        area: 'continuity',
        kind,
        subject,
        state: 'active',
        at: 1,
      },
      ...{ priority: 'medium', text: { message: 'continuity.unit-above-limit', parameters } },
    })
    const all = [
      standing('unit-limit', 'u-old', { month: '2025-11', indicators: 'DIC' }),
      standing('unit-limit', 'u-0001', { month: '2026-03', indicators: 'DIC' }),
      standing('dec-limit', 'c-gone', { indicator: 'DEC', year: '2025' }),
    ]
    const withdraw = provideStandingConditions(async (_queries, _area, kinds) =>
      all.filter(({ kind }) => kinds.includes(kind)),
    )
    try {
      const conditions = new IndicatorConditions(days, 0.8)
      const said: string[] = []
      for await (const some of conditions.after(test.database, 7, 7, now))
        said.push(...some.map(({ kind, subject, state }) => `${kind} ${subject} ${state}`))
      assert.deepEqual(said, [
        'unit-limit u-old normal',
        'unit-limit u-0600 normal',
        'unit-limit u-0601 normal',
        'dec-limit c-gone normal',
      ])
    } finally {
      withdraw()
    }
  })

  it('becomes points, those of a month that is over at its end', async () => {
    const lines: string[] = []
    const sink = {
      write(some: string[]) {
        lines.push(...some)
        return Promise.resolve({ written: some.length, refused: 0 })
      },
    }
    const writer = new IndicatorPointWriter(test.database, sink, { maxSeries: 600, days })
    const written = await writer.write(await after(0, 10_000), new AbortController().signal)
    // 600 units of March, two of February, the conjunto.
    assert.deepEqual([written.written, lines.length], [603, 603])
    const february = lines.filter((line) => line.includes('month="2026-02"'))
    assert.ok(february.every((line) => line.endsWith(` ${Date.parse('2026-03-01T03:00:00Z') - 1}000000`)))
    assert.match(lines.at(-1)!, /^continuity_conjunto,conjunto=c-1 .*dec_h=2,fec=1,.* 1773144000000000000$/)
    assert.deepEqual(await writer.write([], new AbortController().signal), { written: 0, refused: 0 })
  })
})
