import assert from 'node:assert/strict'
import fc from 'fast-check'
import { afterEach, before, describe, it } from 'mocha'
import { Client } from 'pg'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { logChange, nextChange, touchInterruptions } from '../interruptions/change-repository.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { conjuntoMonths } from './conjunto-months.ts'
import { storedConjuntoMonths } from './indicator-repository.ts'
import { KeptIndicators } from './kept-indicators.fixture.ts'
import { seedConjunto, seedUnits } from './seeded-units.fixture.ts'
import { unitMonths } from './unit-months.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const march = Date.parse('2026-03-01T03:00:00Z')

/** What tests write, in the order in which it may go. */
const written = [
  ...['unit_interruption', 'unit_interruption_withdrawn', 'interruption', 'critical_day'],
  ...['unit_continuity_limit', 'unit_monetary_base', 'conjunto_limit', 'conjunto_units', 'unit_continuity'],
  ...['conjunto_continuity', 'continuity_recomputation'],
]

describe('the keeper of indicators', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const kept = new KeptIndicators(() => test.database, march + 20 * dayMs)
  const unitIds = ['u-1', 'u-2', 'u-3', 'u-4']

  before(async () => {
    await seedConjunto(test.database, 'c-1')
    await seedConjunto(test.database, 'c-2')
    await seedUnits(test.database, 'c-1', unitIds.slice(0, 3))
    await seedUnits(test.database, 'c-2', ['u-4'])
  })
  afterEach(async () => {
    await kept.close()
    kept.now = march + 20 * dayMs
    for (const table of written) await test.database.query(`delete from ${table}`)
    assert.deepEqual(kept.errors.splice(0), [])
  })

  const seed = async (fromH: number, untilH: number | null, ...units: string[]): Promise<number> => {
    const times = { from: march + fromH * hourMs, until: untilH === null ? null : march + untilH * hourMs }
    return (await seedInterruptions(test.database, [{ units: units.map((unitId) => ({ unitId, ...times })) }]))
      .interruptionIds[0]!
  }
  /** As the keeper of interruptions does with what turned out to be none. */
  const withdraw = (id: number): Promise<void> =>
    test.database.transaction(async (client) => {
      const changed = await nextChange(client)
      await client.query(
        `insert into unit_interruption_withdrawn (changed, unit_id, started_at, ended_at)
         select $2, unit_id, started_at, ended_at from unit_interruption where interruption_id = $1`,
        [id, changed],
      )
      await client.query('delete from unit_interruption where interruption_id = $1', [id])
      await client.query('update interruption set void = true, changed = $2 where interruption_id = $1', [id, changed])
      await logChange(client, changed, kept.now)
    })
  const stored = async (month = '2026-03') =>
    test.database.query<{ unitId: string; dicH: number; fic: number; lasts: boolean }>(
      `select unit_id as "unitId", dic_ms / 3600000.0::float8 as "dicH", fic, lasts from unit_continuity
       where month = $1::date and (dic_ms > 0 or lasts) order by unit_id`,
      [`${month}-01`],
    )
  /** What is stored is what is computed from the interruptions there are. */
  async function agrees(): Promise<void> {
    for (const month of ['2026-02', '2026-03', '2026-04']) {
      const computed = await unitMonths(test.database, { month, conjuntoIds: ['c-1', 'c-2'] }, undefined, kept.now)
      const rows = await test.database.query(
        `select unit_id as "unitId", dic_ms::float8 as "dicMs", fic, dmic_ms::float8 as "dmicMs", dicri, dise, parcels, compensation_brl as brl, pending
         from unit_continuity where month = $1::date and parcels <> '{}'`,
        [`${month}-01`],
      )
      const byUnit = (all: readonly object[]) => new Map(all.map((each) => [(each as { unitId: string }).unitId, each]))
      assert.deepEqual(
        byUnit(rows),
        byUnit(
          computed
            .filter(({ parcels }) => Object.keys(parcels).length > 0)
            .map(({ unitId, dicMs, fic, dmicMs, dicri, dise, parcels, compensation, pending }) => ({
              ...{ unitId, dicMs, fic, dmicMs, dicri, dise, parcels, brl: compensation?.amountBrl ?? null, pending },
            })),
        ),
      )
      const sums = (await storedConjuntoMonths(test.database, 2026)).filter((each) => each.month === month)
      const wanted = await conjuntoMonths(test.database, { month }, undefined, kept.now)
      for (const { conjuntoId, units, parcels } of wanted) {
        const sum = sums.find((each) => each.conjuntoId === conjuntoId)
        assert.deepEqual(sum?.parcels ?? {}, parcels)
        if (sum) assert.equal(sum.units, units)
      }
    }
  }

  it('has months of units and conjuntos when interruptions are there', async () => {
    kept.keeper()
    await seed(10, 12, 'u-1', 'u-2')
    await seed(-5, 3, 'u-4')
    await kept.settled()
    assert.deepEqual(await stored(), [
      { unitId: 'u-1', dicH: 2, fic: 1, lasts: false },
      { unitId: 'u-2', dicH: 2, fic: 1, lasts: false },
      { unitId: 'u-4', dicH: 3, fic: 0, lasts: false },
    ])
    await agrees()
  })

  it('corrects a month, however late, and what turned out to be none', async () => {
    kept.keeper()
    const id = await seed(10, 12, 'u-1', 'u-2')
    await seed(30, 31, 'u-2')
    await kept.settled()
    await withdraw(id)
    await kept.settled()
    assert.deepEqual(await stored(), [{ unitId: 'u-2', dicH: 1, fic: 1, lasts: false }])
    await agrees()
  })

  it('corrects the month before, too, where what follows without a gap turns out otherwise', async () => {
    kept.keeper()
    await seed(-0.04, 0, 'u-1')
    const id = await seed(0, 0.04, 'u-1')
    await kept.settled()
    const dicH = async (month: string) => (await stored(month)).map((each) => Math.round(each.dicH * 100) / 100)
    assert.deepEqual([await dicH('2026-02'), await dicH('2026-03')], [[0.04], [0.04]])
    await withdraw(id)
    await kept.settled()
    // Two minutes and a half alone are none.
    assert.deepEqual([await dicH('2026-02'), await dicH('2026-03')], [[], []])
    await agrees()
  })

  it('counts what lasts until now, once a minute, into the next month and to its end', async () => {
    kept.keeper()
    kept.now = march + 30 * dayMs + 60_000
    await seed(30 * 24, null, 'u-1')
    await kept.settled()
    // A minute is no interruption yet.
    assert.deepEqual(await stored(), [{ unitId: 'u-1', dicH: 0, fic: 0, lasts: true }])
    kept.now = march + 30 * dayMs + hourMs
    await kept.settled()
    assert.deepEqual(await stored(), [{ unitId: 'u-1', dicH: 1, fic: 1, lasts: true }])
    kept.now = march + 32 * dayMs
    await kept.settled()
    assert.deepEqual(await stored(), [{ unitId: 'u-1', dicH: 24, fic: 1, lasts: false }])
    assert.deepEqual(await stored('2026-04'), [{ unitId: 'u-1', dicH: 24, fic: 0, lasts: true }])
    await agrees()
  })

  const approved = `'{}', 1`
  for (const [what, change] of [
    ['a critical day', `insert into critical_day values ('c-1', '2026-03-01', 9, 4.3, ${approved})`],
    [
      'a limit of the unit',
      `insert into unit_continuity_limit values ('u-1', '2026-01-01', 1, 1, 1, 8, 24, 'contract')`,
    ],
    ['a limit of the conjunto', `insert into conjunto_limit values ('c-1', 2026, 800, 600)`],
    ['the number of units', `insert into conjunto_units values ('c-1', '2026-03-01', 77)`],
    ['the zone', `update conjunto set time_zone = 'America/Manaus' where conjunto_id = 'c-1'`],
    ['the zone back', `update conjunto set time_zone = null where conjunto_id = 'c-1'`],
    ['the conjunto of a unit', `update consumer_unit set conjunto_id = 'c-2' where unit_id = 'u-1'`],
    ['and back', `update consumer_unit set conjunto_id = 'c-1' where unit_id = 'u-1'`],
    ['a new unit', `insert into consumer_unit (unit_id, nominal_voltage_v, conjunto_id) values ('u-new', 220, 'c-1')`],
    ['a unit gone', `delete from consumer_unit where unit_id = 'u-new'`],
    [
      'an option',
      `insert into regulation_option (key, value, reason, changed_by, changed_at)
       values ('continuity-month-crossing', '"start-month"', 'test', 'admin', '2026-01-01')`,
    ],
    [
      'an option back',
      `insert into regulation_option (key, value, reason, changed_by, changed_at)
       values ('continuity-month-crossing', null, 'test', 'admin', '2026-01-01')`,
    ],
  ] as const)
    it(`follows a change of ${what}`, async () => {
      await seed(10, 22, 'u-1', 'u-2')
      await seed(-3, 5, 'u-3', 'u-4')
      kept.keeper()
      await kept.settled()
      await test.database.query(change)
      await kept.settled()
      await agrees()
    })

  it('says what a violated month costs once the monetary base is there', async () => {
    kept.keeper()
    await test.database.query(
      `insert into unit_continuity_limit values ('u-1', '2026-01-01', 8, 5, 6, 8, 24, 'contract')`,
    )
    await seed(10, 20, 'u-1')
    await kept.settled()
    const row = async () =>
      (
        await test.database.query<{ violated: string[]; brl: number | null; pending: string | null }>(
          `select violated, compensation_brl as brl, pending from unit_continuity`,
        )
      )[0]
    assert.deepEqual(await row(), {
      ...{ violated: ['DIC', 'DMIC'], brl: null, pending: 'the monetary base of u-1 for 2026-03 is not known' },
    })
    await test.database.query(`insert into unit_monetary_base values ('u-1', '2026-02-01', 60, 'bills')`)
    await kept.settled()
    assert.deepEqual(await row(), { violated: ['DIC', 'DMIC'], brl: 27.94, pending: null })
    // Once the month is over, its own base holds and no other.
    kept.now = march + 32 * dayMs
    await kept.settled()
    await waitUntil('the end of the month', async () => (await row())?.brl === null)
    await test.database.query(`insert into unit_monetary_base values ('u-1', '2026-03-01', 120, 'bills')`)
    await kept.settled()
    assert.deepEqual(await row(), { violated: ['DIC', 'DMIC'], brl: 55.89, pending: null })
  })

  it('writes nothing where nothing differs', async () => {
    kept.keeper()
    const id = await seed(10, 12, 'u-1')
    await kept.settled()
    const numbers = () =>
      test.database.query(
        'select changed, violation_changed from unit_continuity union all select changed, 0 from conjunto_continuity',
      )
    const before = await numbers()
    await test.database.transaction((client) => touchInterruptions(client, [id], kept.now))
    await kept.settled()
    assert.deepEqual(await numbers(), before)
  })

  it('comes to the same whatever is killed when, also with two of them at work (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.integer({ min: -40, max: 800 }),
            fc.integer({ min: 1, max: 100 }),
            fc.subarray(unitIds, { minLength: 1 }),
          ),
          { minLength: 1, maxLength: 5 },
        ),
        fc.array(fc.nat(60), { maxLength: 3 }),
        async (all, kills) => {
          await test.database.query('delete from unit_interruption')
          await test.database.query('delete from interruption')
          await test.database.query('delete from unit_continuity')
          await test.database.query('delete from conjunto_continuity')
          kept.now = march + 40 * dayMs
          kept.keeper()
          kept.keeper()
          for (const [index, [from, long, units]] of all.entries()) {
            // Starts differ, as those of one unit's pieces do.
            await seed(from + index / 100, from + long, ...units)
            if (kills[index] !== undefined) await killWriters(test.owner, kills[index])
          }
          await kept.settled()
          await agrees()
          await kept.close()
          // A cut connection is no fault of the keeper's.
          kept.errors.length = 0
        },
      ),
      { numRuns: 6 },
    )
  })
})

describe('the keeper of indicators, after a decision', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const kept = new KeptIndicators(() => test.database, march + 20 * dayMs)
  afterEach(async () => {
    await kept.close()
    assert.deepEqual(kept.errors, [])
  })

  it('looks again at the interruption that it is about', async () => {
    await seedConjunto(test.database, 'c-1')
    await seedUnits(test.database, 'c-1', ['u-1'])
    kept.keeper()
    const units = [{ unitId: 'u-1', from: march + 10 * hourMs, until: march + 12 * hourMs }]
    const { interruptionIds } = await seedInterruptions(test.database, [{ units }])
    await kept.settled()
    const parcels = async () =>
      (await test.database.query<{ parcels: object }>('select parcels from unit_continuity'))[0]!.parcels
    assert.deepEqual(await parcels(), { IND: { ms: 2 * hourMs, count: 1 } })
    await test.database.transaction(async (client) => {
      await client.query(
        `insert into interruption_exclusion (interruption_id, reason, evidence, approval_id) values ($1, 'suspension', 'order', 1)`,
        interruptionIds,
      )
      await touchInterruptions(client, interruptionIds, kept.now)
    })
    await kept.settled()
    assert.deepEqual(await parcels(), {})
    assert.deepEqual((await storedConjuntoMonths(test.database, 2026))[0]!.parcels, {})
  })
})

/** Cuts the connections of whoever is in the middle of a transaction, after so many milliseconds. */
async function killWriters(login: object, afterMs: number): Promise<void> {
  const client = new Client(login)
  await client.connect()
  try {
    await client.query('select pg_sleep($1::float8 / 1000)', [afterMs])
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`,
    )
  } finally {
    await client.end()
  }
}
