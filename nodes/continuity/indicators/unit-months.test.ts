import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { conjuntoMonths } from './conjunto-months.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { seedConjunto, seedUnits } from './seeded-units.fixture.ts'
import { unitMonths } from './unit-months.ts'

const hourMs = 3_600_000
const now = Date.parse('2026-04-10T12:00:00Z')

describe('months of units and conjuntos, from what is stored', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const ids: Record<'plain' | 'crossing' | 'follow' | 'open' | 'storm' | 'manaus', number> = {
    ...{ plain: 0, crossing: 0, follow: 0, open: 0, storm: 0, manaus: 0 },
  }
  before(async () => {
    const { database } = test
    await seedConjunto(database, 'c-1')
    await seedConjunto(database, 'c-am', 'America/Manaus')
    await seedUnits(database, 'c-1', ['u-1', 'u-2', 'u-3', 'u-4'])
    await seedUnits(database, 'c-am', ['u-am'])
    const seed = async (from: string, until: string | null, ...unitIds: string[]) => {
      const times = { from: Date.parse(from), until: until === null ? null : Date.parse(until) }
      const units = unitIds.map((unitId) => ({ unitId, ...times }))
      return (await seedInterruptions(database, [{ units }])).interruptionIds[0]!
    }
    ids.plain = await seed('2026-03-05T12:00:00Z', '2026-03-05T14:00:00Z', 'u-1', 'u-2')
    // From one month into the next, and on from there in another interruption.
    ids.crossing = await seed('2026-02-27T03:00:00Z', '2026-03-01T05:00:00Z', 'u-2')
    ids.follow = await seed('2026-03-01T05:00:00Z', '2026-03-01T06:00:00Z', 'u-2')
    ids.open = await seed('2026-03-31T03:00:00Z', null, 'u-3')
    ids.storm = await seed('2026-03-10T02:00:00Z', '2026-03-10T12:00:00Z', 'u-1')
    ids.manaus = await seed('2026-03-01T03:00:00Z', '2026-03-01T05:00:00Z', 'u-am', 'u-4')
  })
  const monthOf = async (unitId: string, ...rest: [hypothesis?: object, now?: number]) =>
    (await unitMonths(test.database, { month: '2026-03', unitIds: [unitId] }, rest[0], rest[1] ?? now))[0]!

  it('have every unit with an interruption in them, and each that is asked for', async () => {
    const months = await unitMonths(test.database, { month: '2026-03', conjuntoIds: ['c-1'] }, undefined, now)
    assert.deepEqual(months.map(({ unitId }) => unitId).toSorted(), ['u-1', 'u-2', 'u-3', 'u-4'])
    const april = await unitMonths(test.database, { month: '2026-04', conjuntoIds: ['c-1'] }, undefined, now)
    assert.deepEqual(
      april.map(({ unitId }) => unitId),
      ['u-3'],
    )
    const [asked] = await unitMonths(test.database, { month: '2026-05', unitIds: ['u-1'] }, undefined, now)
    assert.deepEqual([asked?.unitId, asked?.conjuntoId, asked?.dicMs, asked?.parcels], ['u-1', 'c-1', 0, {}])
  })

  it('split what crosses into them, and take what follows without a gap for the same outage', async () => {
    const { dicMs, fic, dmicMs } = await monthOf('u-2')
    assert.deepEqual([dicMs / hourMs, fic, dmicMs / hourMs], [5, 1, 3])
  })

  it('are civil in the zone of the conjunto', async () => {
    // Three hours UTC is midnight in São Paulo, and still February in Manaus.
    assert.equal((await monthOf('u-4')).dicMs / hourMs, 2)
    assert.equal((await monthOf('u-am')).dicMs / hourMs, 1)
  })

  it('count what lasts until now', async () => {
    assert.equal((await monthOf('u-3', undefined, Date.parse('2026-03-31T05:30:00Z'))).dicMs / hourMs, 2.5)
    assert.equal((await monthOf('u-3')).dicMs / hourMs, 24)
    const [april] = await unitMonths(test.database, { month: '2026-04', unitIds: ['u-3'] }, undefined, now)
    assert.deepEqual([april!.dicMs / hourMs, april!.fic], [9 * 24 + 9, 0])
  })

  it('tell what would be if a day were critical, before anybody says so', async () => {
    const { database } = test
    const day = { conjuntoId: 'c-1', day: '2026-03-09', critical: true }
    const supposed = await monthOf('u-1', { days: [day] })
    assert.deepEqual([supposed.dicMs / hourMs, supposed.dicri], [2, [{ interruptionId: ids.storm, ms: 10 * hourMs }]])
    await database.query(`insert into critical_day values ('c-1', '2026-03-09', 9, 4.3, '{}', 1)`)
    assert.deepEqual(await monthOf('u-1'), supposed)
    assert.equal((await monthOf('u-1', { days: [{ ...day, critical: false }] })).dicMs / hourMs, 12)
    await database.query('delete from critical_day')
  })

  it('tell what would be with an exclusion, and without one', async () => {
    const { database } = test
    const excluded = { interruptionId: ids.plain, unitId: null, reason: 'suspension' }
    const supposed = await monthOf('u-1', { exclusions: [excluded] })
    assert.equal(supposed.dicMs / hourMs, 10)
    const [row] = await database.query<{ id: number }>(
      `insert into interruption_exclusion (interruption_id, reason, evidence, approval_id) values ($1, 'suspension', 'order 7', 1)
       returning exclusion_id::float8 as id`,
      [ids.plain],
    )
    assert.deepEqual(await monthOf('u-1'), supposed)
    assert.equal((await monthOf('u-1', { withoutExclusions: [row!.id] })).dicMs / hourMs, 12)
    await database.query('update interruption_exclusion set taken_back_by = 2')
    assert.equal((await monthOf('u-1')).dicMs / hourMs, 12)
  })

  it('tell what would be with other times and other facts', async () => {
    const outage = { unitId: 'u-1', interruptionId: ids.plain, from: Date.parse('2026-03-05T12:00:00Z') }
    const outages = new Map([['u-1', [{ ...outage, until: outage.from + hourMs }]]])
    assert.equal((await monthOf('u-1', { outages })).dicMs / hourMs, 1)
    const facts = new Map([[ids.plain, { origin: 'external' as const }]])
    assert.deepEqual(Object.keys((await monthOf('u-1', { facts })).parcels).toSorted(), ['IND', 'XN'])
  })

  it('leave out interruptions that turned out to be none', async () => {
    await test.database.query('update interruption set void = true where interruption_id = $1', [ids.storm])
    assert.equal((await monthOf('u-1')).dicMs / hourMs, 2)
    await test.database.query('update interruption set void = false where interruption_id = $1', [ids.storm])
  })

  it('of a conjunto add up to those of its units, over the units of the registry or the number entered', async () => {
    const { database } = test
    const scope = { month: '2026-03', conjuntoIds: ['c-1'] }
    const units = await unitMonths(database, scope, undefined, now)
    const [conjunto] = await conjuntoMonths(database, scope, undefined, now)
    assert.equal(
      conjunto!.parcels.IND!.ms,
      units.reduce((sum, { dicMs }) => sum + dicMs, 0),
    )
    assert.equal(
      conjunto!.parcels.IND!.count,
      units.reduce((sum, { fic }) => sum + fic, 0),
    )
    // u-1 12 h, u-2 5 h, u-3 24 h, u-4 2 h, over four units.
    assert.deepEqual([conjunto!.units, conjunto!.collective], [4, { decHundredths: 1_075, fecHundredths: 125 }])
    await database.query(`insert into conjunto_units values ('c-1', '2026-03-01', 10)`)
    const [entered] = await conjuntoMonths(database, scope, undefined, now)
    assert.deepEqual([entered!.units, entered!.collective], [10, { decHundredths: 430, fecHundredths: 50 }])
  })

  it('refuse what is no month', async () => {
    await assert.rejects(unitMonths(test.database, { month: '2026-13' }), /2026-13 is no month YYYY-MM/)
  })
})

describe("a unit's month in money", function () {
  this.timeout(60_000)
  const test = useDatabase()
  const from = Date.parse('2026-03-05T12:00:00Z')
  before(async () => {
    await seedConjunto(test.database, 'c-1')
    await seedUnits(test.database, 'c-1', ['u-1'])
    await seedInterruptions(test.database, [{ units: [{ unitId: 'u-1', from, until: from + 10 * hourMs }] }])
  })
  const month = async () =>
    (await unitMonths(test.database, { month: '2026-03', unitIds: ['u-1'] }, undefined, now))[0]!

  it('says what is missing, and is there when it is', async () => {
    const { database } = test
    assert.match((await month()).pending!, /limits of DEC and FEC of conjunto c-1 for 2026 are not known/)
    await database.query(`insert into conjunto_limit values ('c-1', 2026, 800, 600)`)
    assert.match((await month()).pending!, /no row of Anexo 8.B is known for BT urban/)
    await database.query(
      `insert into unit_continuity_limit values ('u-1', '2026-01-01', 1, 1, 1, 8, 24, 'older'), ('u-1', '2026-02-01', 8, 5, 6, 8, 24, 'contract 7'),
         ('u-1', '2026-04-01', 1, 1, 1, 8, 24, 'later')`,
    )
    assert.match((await month()).pending!, /the monetary base of u-1 for 2026-03 is not known/)
    await database.query(`insert into unit_monetary_base values ('u-1', '2026-03-01', 60, 'bills')`)
    const { pending, limits, compensation } = await month()
    // Vector C2 of DIC: 10 h of 8 at R$ 60.
    assert.deepEqual([pending, limits?.source, compensation?.amountBrl], [null, 'contract 7', 27.94])
  })

  it('has no compensation where no rule is known, and says so', async () => {
    const { database } = test
    const at = Date.parse('2005-03-05T12:00:00Z')
    await seedInterruptions(database, [{ units: [{ unitId: 'u-1', from: at, until: at + 10 * hourMs }] }])
    await database.query(
      `insert into unit_continuity_limit (unit_id, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source)
       values ('u-1', '2000-01-01', 8, 5, 6, 8, 24, 'old')`,
    )
    const [old] = await unitMonths(database, { month: '2005-03', unitIds: ['u-1'] }, undefined, now)
    assert.deepEqual([old!.dicMs / hourMs, old!.compensation], [10, null])
    assert.match(old!.pending!, /^no rule for compensation of continuity is known on 2005-03-01/)
  })

  it('has rows of the tables that the distributor entered', async () => {
    const { database } = test
    await database.query('delete from unit_continuity_limit')
    await database.query(
      `insert into individual_limit_row values ('BT', 'urban', 1000, '2026-01-01', 9, 5, 6, 8, 24, 'Anexo 8.B, Table 4')`,
    )
    const { limits, compensation } = await month()
    assert.deepEqual([limits?.dicH, limits?.source, compensation?.amountBrl], [9, 'Anexo 8.B, Table 4', 27.94])
  })
})
