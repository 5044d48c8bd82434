import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import type { Layout, ReportedInterruption } from '../domain/official-interruption.ts'
import { interruptionLines } from './official-lines.ts'
import { manyUnits, seedUnits } from './outages.fixture.ts'

const at = (text: string): number => Date.parse(text)

describe('lines of interruptions for official files', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let ids: number[]

  before(async () => {
    platformClock.set({ at: at('2026-04-15T12:00Z'), rate: 0 })
    const { database } = test
    const units = [...manyUnits(2, 'a', '9', 3_550_308), ...manyUnits(2, 'b', '10', 3_550_308)]
    await seedUnits(database, [...units, { unitId: 'c-1', conjuntoId: '9', municipalityCode: 3_548_708 }])
    const all = (from: string, until: string) =>
      [...units.map(({ unitId }) => unitId), 'c-1'].map((unitId) => ({ unitId, from: at(from), until: at(until) }))
    const { interruptionIds } = await seedInterruptions(
      database,
      [
        { units: all('2026-02-28T23:00Z', '2026-03-01T05:00Z'), eventId: 70 },
        { units: all('2025-12-31T23:00Z', '2026-01-01T05:00Z') },
        { units: all('2026-03-05T10:00Z', '2026-03-05T12:00Z') },
      ],
      at('2026-04-01T00:00Z'),
    )
    ids = interruptionIds
    await database.query(
      `insert into interruption_exclusion (interruption_id, unit_id, reason, evidence, approval_id)
       values ($1, 'a-1', 'unit-interest', 'asked for it', 1)`,
      [ids[2]],
    )
    await database.query("insert into conjunto_units (conjunto_id, month, units) values ('9', '2026-03-01', 500)")
  })
  after(() => platformClock.set(undefined))

  async function linesOf(layout: Layout, ...months: string[]): Promise<ReportedInterruption[]> {
    const lines: ReportedInterruption[] = []
    for await (const line of interruptionLines(test.database, layout, months, 'America/Sao_Paulo')) lines.push(line)
    return lines
  }
  const place = ({ conjunto, municipalityCode, month, reason, unitsOut }: ReportedInterruption) => [
    ...[conjunto.id, municipalityCode, month, reason, unitsOut],
  ]
  const of = (lines: ReportedInterruption[], number: number) =>
    lines.filter(({ interruptionId }) => interruptionId === String(ids[number])).map(place)

  it('are one for each conjunto and municipality, and for each reason', async () =>
    assert.deepEqual(of(await linesOf('26', '2026-03'), 2), [
      ['9', 3_548_708, 3, 'none', 1],
      ['9', 3_550_308, 3, 'none', 1],
      ['9', 3_550_308, 3, 'unit-interest', 1],
      ['10', 3_550_308, 3, 'none', 2],
    ]))

  it('of what crosses months are in both, whole; in 18 columns municipalities are together', async () => {
    const both = await linesOf('26', '2026-02', '2026-03')
    assert.deepEqual(
      both
        .filter(({ conjunto, eventId }) => conjunto.id === '10' && eventId === '70')
        .map(({ month, from, until }) => [...[month, from, until]]),
      [
        [2, '2026-02-28 20:00:00', '2026-03-01 02:00:00'],
        [3, '2026-02-28 20:00:00', '2026-03-01 02:00:00'],
      ],
    )
    assert.deepEqual(of(await linesOf('18', '2026-02', '2026-03'), 0), [
      ['9', null, null, 'none', 3],
      ['10', null, null, 'none', 2],
    ])
  })

  it('of what crosses years are in both years', async () => {
    assert.equal(of(await linesOf('18', '2025-12'), 1).length, 2)
    assert.equal(of(await linesOf('26', '2026-01'), 1).length, 3)
  })

  it('have the units of the conjunto as they were entered for the month', async () => {
    const units = new Set(
      (await linesOf('26', '2026-03')).map(({ conjunto, unitsOfConjunto }) => `${conjunto.id} ${unitsOfConjunto}`),
    )
    assert.deepEqual([...units], ['9 500', '10 2'])
  })
})
