import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { insertClose, insertCloseRows } from '../control/close-repository.ts'
import { HashChain } from '../control/hash-chain.ts'
import { writeUnitMonths } from '../indicators/indicator-repository.ts'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { unitMonths } from '../indicators/unit-months.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { compensationRoutes } from './compensation-routes.ts'

const hourMs = 3_600_000
const month = '2026-03'

describe('what is due for interruptions, over the API', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [compensationRoutes] })
  const path = '/api/quality/continuity/compensations'
  const list = async (query = '') => (await test.as('operator').get(`${path}?month=${month}${query}`)).body
  const totals = async (query = '') => (await test.as('viewer').get(`${path}/totals?month=${month}${query}`)).body

  before(async () => {
    const { database } = test.database
    await seedConjunto(database, 'c-1', 'UTC')
    await seedConjunto(database, 'c-2', 'UTC')
    await seedUnits(database, 'c-1', ['u-1', 'u-2', 'u-3', 'u-4'])
    await seedUnits(database, 'c-2', ['u-5', 'u-6'])
    await database.query(
      `insert into unit_continuity_limit (unit_id, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source)
       select unit_id, '2020-01-01', 8, 5, 6, 8, 24, 'test' from consumer_unit`,
    )
    await database.query(
      `insert into unit_monetary_base (unit_id, month, vrc_brl, source)
       select unit_id, '2026-03-01', 60, 'test' from consumer_unit where unit_id <> 'u-3'`,
    )
    const [approval] = await database.query<{ id: number }>(
      `insert into approval (kind, body, body_hash, evidence, effect, proposed_by, proposed_by_id, proposed_at, expires_at)
       values ('test', '{}', repeat('0', 64), 'test', '{}', 'ana', 1, '2026-04-01', '2026-04-02') returning approval_id::integer as id`,
    )
    await database.query(
      `insert into critical_day (conjunto_id, day, occurrences, threshold, basis, approval_id)
       values ('c-2', '2026-03-10', 9, 5, '{}', $1)`,
      [approval!.id],
    )
    const out = (unitId: string, day: number, hours: number) => ({
      ...{ unitId, from: Date.UTC(2026, 2, day), until: Date.UTC(2026, 2, day) + hours * hourMs },
    })
    await seedInterruptions(database, [
      { units: ['u-1', 'u-3'].map((unitId) => out(unitId, 2, 10)) },
      { units: [out('u-4', 3, 2)] },
      { units: [out('u-5', 10, 20)] },
      { units: [out('u-5', 12, 9), out('u-6', 12, 9)] },
    ])
    await writeUnitMonths(database, month, await unitMonths(database, { month }), 1, Date.UTC(2026, 3, 1))
  })

  it('records each look', async () => {
    await list('&unitId=u-1')
    const looks = await test.database.database.query(
      "select username, subject from access_log where event = 'consumption_read' and subject = 'u-1'",
    )
    assert.deepEqual(looks, [{ username: 'operator', subject: 'u-1' }])
  })

  /** Closes the month as it is. */
  async function close(version: number, missing: readonly string[] = []): Promise<void> {
    const { database } = test.database
    const months = await unitMonths(database, { month })
    const chain = new HashChain()
    const lines = months
      .filter(({ unitId }) => !missing.includes(unitId))
      .map(({ unitId, ...unit }) => ({
        ...chain.add({ kind: 'unit', subject: unitId, ...unit, amountBrl: unit.compensation?.amountBrl ?? 0 }),
        row: chain.rows,
      }))
    const [{ id }] = (await database.query('select min(approval_id)::integer as id from approval')) as [{ id: number }]
    await database.transaction(async (client) => {
      const queries = { query: async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows }
      await insertClose(queries as never, {
        ...{ month, version, closedAt: Date.UTC(2026, 3, 5), approvalId: id, reason: 'test', rows: chain.rows },
        ...{ units: lines.length, compensationBrl: 0, deltaBrl: 0, changedUnits: 0, hash: chain.hash },
      })
      await insertCloseRows(queries as never, { month, version }, lines)
    })
  }

  it('is told unit by unit, with what waits, and explained', async () => {
    const { items, nextCursor } = await list()
    assert.equal(nextCursor, null)
    assert.deepEqual(
      items.map(({ unitId, amountBrl, bookedBrl, creditUntil }: Record<string, unknown>) => [
        ...[unitId, amountBrl, bookedBrl, creditUntil],
      ]),
      [
        ['u-1', 27.94, null, '2026-05'],
        ['u-3', null, null, '2026-05'],
        // 25.1506 of DIC and 23.0136 of DICRI.
        ['u-5', 48.16, null, '2026-05'],
        ['u-6', 25.15, null, '2026-05'],
      ],
    )
    assert.match(items[1].pending, /monetary base/)
    const [{ compensation, limits, voltageClass, area }] = items
    assert.deepEqual([compensation.items[0].money.inputs.DICv, limits.dicH, voltageClass, area], [10, 8, 'BT', 'urban'])
  })

  it('is of a conjunto, of a unit, or of those that wait, where that is asked for', async () => {
    const units = async (query: string) => (await list(query)).items.map(({ unitId }: { unitId: string }) => unitId)
    assert.deepEqual(await units('&conjunto=c-2'), ['u-5', 'u-6'])
    assert.deepEqual(await units('&unitId=u-5'), ['u-5'])
    assert.deepEqual(await units('&pending=true'), ['u-3'])
    assert.deepEqual(await units('&pending=false'), ['u-1', 'u-5', 'u-6'])
  })

  it('comes in pages, and as CSV', async () => {
    const first = await list('&limit=2')
    const rest = await list(`&limit=2&cursor=${first.nextCursor}`)
    assert.deepEqual(
      [...first.items, ...rest.items].map(({ unitId }) => unitId),
      ['u-1', 'u-3', 'u-5', 'u-6'],
    )
    const { text } = await test.as('operator').get(`${path}?month=${month}&limit=1`, { accept: 'text/csv' })
    assert.match(text, /^unitId,conjuntoId,voltageClass,area,month,amountBrl,.*\r\nu-1,c-1,BT,urban,2026-03,27\.94,/)
  })

  it('is summed by conjunto, class, area and what it is paid for', async () => {
    const shown = (await totals()).map(
      ({ conjuntoId, voltageClass, area, for: kind, amountBrl, payments }: Record<string, unknown>) => [
        ...[conjuntoId, voltageClass, area, kind, amountBrl, payments],
      ],
    )
    assert.deepEqual(shown, [
      ['c-1', 'BT', 'urban', 'month', 27.94, 1],
      ['c-2', 'BT', 'urban', 'month', 50.3, 2],
      ['c-2', 'BT', 'urban', 'dicri', 23.01, 1],
    ])
    assert.equal((await totals('&conjunto=c-1')).length, 1)
  })

  it('stands as the month was closed, and tells what would be otherwise now', async () => {
    await close(1, ['u-6'])
    await test.database.database.query(`update unit_monetary_base set vrc_brl = 120 where unit_id = 'u-1'`)
    const { items } = await list()
    assert.deepEqual(
      items.map(({ unitId, amountBrl, bookedBrl, deltaBrl, closedVersion }: Record<string, unknown>) => [
        ...[unitId, amountBrl, bookedBrl, deltaBrl, closedVersion],
      ]),
      [
        ['u-1', 55.89, 27.94, 27.95, 1],
        ['u-3', null, 0, null, 1],
        ['u-5', 48.16, 48.16, 0, 1],
        ['u-6', 25.15, null, null, 1],
      ],
    )
    const before = await totals()
    assert.deepEqual(
      before.map(({ amountBrl, closedVersion }: Record<string, unknown>) => [amountBrl, closedVersion]),
      [
        [27.94, 1],
        [25.15, 1],
        [23.01, 1],
      ],
    )
    await close(2)
    assert.deepEqual(
      (await totals()).map(({ amountBrl }: { amountBrl: number }) => amountBrl),
      [55.89, 50.3, 23.01],
    )
    assert.equal((await totals('&conjunto=c-2')).length, 2)
  })

  it('is for those who may see personal data, its sums for all', async () => {
    assert.equal((await test.as('viewer').get(`${path}?month=${month}`)).status, 403)
    assert.equal((await test.as('viewer').get(`${path}/totals?month=${month}`)).status, 200)
  })

  it('is refused for what is no month, and for one without a rule', async () => {
    for (const query of ['month=2026-13', 'month=2009-12', ''])
      assert.equal((await test.as('operator').get(`${path}?${query}`)).status, 400, query)
    const { body } = await test.as('viewer').get(`${path}/totals?month=2009-12`)
    assert.match(JSON.stringify(body), /no rule for compensation of continuity is known on 2009-12-01/)
  })
})
