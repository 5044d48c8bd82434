import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'mocha'
import type { Role } from '../access/roles.ts'
import { platformClock } from '../clock/clock.ts'
import { useApi } from '../http/api.fixture.ts'
import { networkRoutes } from './routes.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const maria = {
  ...{ name: 'Maria da Silva', address: 'Rua das Flores, 1', phone: '+55 11 5555-0100' },
  ...{ email: 'maria@example.org', document: '12345678909' },
}
/** Words that would give somebody away. */
const personal = /maria|silva|flores|5555-|example\.org|12345678909|joão|souza/i

describe('routes of holders', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [networkRoutes] })
  const path = (unitId: string) => `/api/units/${unitId}/holder`
  const put = (unitId: string, body: object, role: Role = 'operator') => test.as(role).put(path(unitId), body)
  const get = (unitId: string, role: Role = 'operator') => test.as(role).get(path(unitId))
  const entries = async () =>
    (
      await test.database.database.query<Record<string, string | null>>(
        "select event, username, subject, detail from access_log where event like 'personal%' order by id",
      )
    ).map(({ event, username, subject, detail }) => [event, username, subject, detail])
  const recordedBy = async (work: () => Promise<unknown>) => {
    const before = (await entries()).length
    await work()
    return (await entries()).slice(before)
  }

  before(async () => {
    platformClock.set({ at: now, rate: 0 })
    await test.database.database.query(
      "insert into consumer_unit (unit_id, nominal_voltage_v) values ('u-1', 127), ('u-2', 127), ('u-3', 127)",
    )
  })
  beforeEach(() => test.database.database.query('delete from unit_holder'))
  after(() => platformClock.set(undefined))

  it('say who holds a unit, and correct it', async () => {
    const entered = await put('u-1', maria)
    assert.deepEqual(
      [entered.status, entered.body],
      [...[200, { unitId: 'u-1', ...maria, validFrom: '2026-11-21T12:00:00.000Z', validTo: null, masked: false }]],
    )
    const corrected = await put('u-1', { name: 'Maria Souza' })
    assert.deepEqual(
      [corrected.body.name, corrected.body.address, corrected.body.validFrom],
      [...['Maria Souza', null, entered.body.validFrom]],
    )
    assert.deepEqual((await get('u-1', 'admin')).body, corrected.body)
  })

  it('know who held a unit before', async () => {
    await put('u-1', { ...maria, validFrom: '2020-01-01T00:00:00Z' })
    await put('u-1', { name: 'João', validFrom: '2026-01-01T00:00:00Z' })
    assert.equal((await get('u-1')).body.name, 'João')
    const periods = await test.database.database.query<{ name: string; until: Date | null }>(
      'select name, upper(validity) as until from unit_holder order by validity',
    )
    assert.deepEqual(
      periods.map(({ name, until }) => [name, until?.toISOString() ?? null]),
      [
        ['Maria da Silva', '2026-01-01T00:00:00.000Z'],
        ['João', null],
      ],
    )
    const later = await put('u-1', { name: 'Ana', validFrom: '2023-01-01T00:00:00Z' })
    assert.equal(later.status, 409)
    assert.equal((await put('u-1', { name: 'Ana', validFrom: '2026-01-01T00:00:00Z' })).body.name, 'Ana')
  })

  it('show others a mask, and write down who saw more', async () => {
    await put('u-1', maria)
    for (const role of ['viewer', 'engineer'] as const) {
      const recorded = await recordedBy(async () => {
        const { body } = await get('u-1', role)
        assert.deepEqual(body, {
          ...{ unitId: 'u-1', name: 'M*** d*** S***', address: '***', phone: '***', email: '***', document: '***' },
          ...{ validFrom: '2026-11-21T12:00:00.000Z', validTo: null, masked: true },
        })
        const list = await test.as(role).get('/api/holders')
        assert.doesNotMatch(list.text, personal)
        const csv = await test.as(role).get('/api/holders', { accept: 'text/csv' })
        assert.doesNotMatch(csv.text, personal)
      })
      assert.deepEqual(recorded, [])
    }
    assert.deepEqual(await recordedBy(() => get('u-1')), [['personal_read', 'operator', 'u-1', 'u-1']])
  })

  it('are listed and exported, each page written down with its units', async () => {
    await put('u-1', maria)
    await put('u-2', { name: '=SUM(A1)' })
    await put('u-3', { name: 'Ana' })
    const [first, second] = await recordedBy(async () => {
      const page = (await test.as('operator').get('/api/holders?limit=2')).body
      assert.deepEqual(
        page.items.map(({ unitId }: { unitId: string }) => unitId),
        ['u-1', 'u-2'],
      )
      const rest = (await test.as('operator').get(`/api/holders?limit=2&cursor=${page.nextCursor}`)).body
      assert.deepEqual([rest.items[0].unitId, rest.nextCursor], ['u-3', null])
    })
    assert.deepEqual(first, ['personal_read', 'operator', '2 units', 'u-1 u-2'])
    assert.deepEqual(second, ['personal_read', 'operator', 'u-3', 'u-3'])
    const exported = await recordedBy(async () => {
      const { text } = await test.as('admin').get('/api/holders', { accept: 'text/csv' })
      assert.match(text, /\r\nu-1,Maria da Silva,"Rua das Flores, 1",'\+55 11 5555-0100,/)
      assert.match(text, /\r\nu-2,'=SUM\(A1\),/)
    })
    assert.deepEqual(exported, [['personal_exported', 'admin', '3 units', 'u-1 u-2 u-3']])
  })

  it('are found by name and document', async () => {
    await put('u-1', maria)
    await put('u-2', { name: 'Ana Silvana' })
    const find = async (body: object) =>
      (await test.as('operator').post('/api/holders/search', body)).body.items.map(
        ({ unitId }: { unitId: string }) => unitId,
      )
    assert.deepEqual(await find({ text: 'silva' }), ['u-1', 'u-2'])
    assert.deepEqual(await find({ text: '12345678909' }), ['u-1'])
    assert.deepEqual(await find({ text: '%' }), [])
    const recorded = await recordedBy(() => find({ text: 'Maria' }))
    assert.deepEqual(recorded, [['personal_searched', 'operator', 'u-1', 'u-1']])
    assert.equal((await test.as('viewer').post('/api/holders/search', { text: 'silva' })).status, 403)
    assert.equal((await test.as('operator').post('/api/holders/search', {})).status, 400)
  })

  it('are erased, and the unit stays', async () => {
    await put('u-1', { ...maria, validFrom: '2020-01-01T00:00:00Z' })
    await put('u-1', { name: 'João', validFrom: '2026-01-01T00:00:00Z' })
    const recorded = await recordedBy(async () =>
      assert.equal((await test.as('operator').delete(path('u-1'))).status, 204),
    )
    assert.deepEqual(recorded, [['personal_erased', 'operator', 'u-1', 'u-1']])
    assert.deepEqual(await test.database.database.query('select from unit_holder'), [])
    assert.equal((await get('u-1')).status, 404)
    assert.equal((await test.as('admin').get('/api/registry/units/u-1')).status, 200)
    assert.equal((await test.as('operator').delete(path('u-1'))).status, 404)
  })

  it('leave nothing of a person in any other table', async () => {
    await put('u-1', maria)
    await get('u-1')
    await test.as('operator').post('/api/holders/search', { text: 'Maria' })
    const tables = await test.database.database.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and not relispartition
         and has_table_privilege(oid, 'select') and relname <> 'unit_holder'`,
    )
    assert.ok(tables.some(({ name }) => name === 'access_log'))
    for (const { name } of tables) {
      const rows = await test.database.database.query<{ row: string }>(`select t::text as row from ${name} t`)
      for (const { row } of rows) assert.doesNotMatch(row, personal, name)
    }
  })

  it('are asked for by their repository, and by nothing that writes topics, tags or logs', () => {
    const built = join(import.meta.dirname, '..', '..')
    const naming = readdirSync(built, { recursive: true, encoding: 'utf8' })
      .filter(
        (file) => /\.(js|sql)$/.test(file) && !/\.(test|fixture)\.js$/.test(file) && !file.includes('node_modules'),
      )
      .filter((file) => readFileSync(join(built, file), 'utf8').includes('unit_holder'))
    assert.deepEqual(naming.toSorted(), [
      ...['platform/network/holder-repository.js', 'platform/network/migrations/0011_personal.sql'],
    ])
  })

  it('leave nothing in what the process writes, whatever goes wrong', async () => {
    let written = ''
    const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }))
    for (const { stream } of streams) stream.write = (text: unknown) => ((written += String(text)), true)
    try {
      await put('u-1', maria)
      await put('u-1', { ...maria, validFrom: '2020-01-01T00:00:00Z' })
      await put('u-1', { ...maria, document: 'Maria' })
      await get('u-1')
      await test.as('operator').post('/api/holders/search', { text: 'Maria', more: 'Silva' })
    } finally {
      for (const { stream, write } of streams) stream.write = write
    }
    assert.doesNotMatch(written, personal)
  })

  it('are no table that Grafana or reports may read', async () => {
    assert.deepEqual(await test.database.database.query("select from readable_table where name = 'unit_holder'"), [])
  })

  it('say which part of a request is wrong', async () => {
    for (const [asked, status, field] of [
      [get('nobody'), 404, 'path.unitId'],
      [get('u-2'), 404, 'path.unitId'],
      [put('nobody', maria), 404, 'path.unitId'],
      [put('u-1', {}), 400, 'body.name'],
      [put('u-1', { name: '' }), 400, 'body.name'],
      [put('u-1', { name: 'Ana', document: '123' }), 400, 'body.document'],
      [put('u-1', { name: 'Ana', email: 'ana' }), 400, 'body.email'],
      [put('u-1', { name: 'Ana', phone: 'call me' }), 400, 'body.phone'],
      [put('u-1', { name: 'Ana', validFrom: 'today' }), 400, 'body.validFrom'],
      [put('u-1', { name: 'Ana', shoes: 42 }), 400, 'body.shoes'],
    ] as const) {
      const { status: answered, body } = await asked
      assert.deepEqual([answered, body.errors?.[0]?.field], [status, field], JSON.stringify(body))
    }
    for (const role of ['viewer', 'engineer'] as const) {
      assert.equal((await put('u-1', maria, role)).status, 403)
      assert.equal((await test.as(role).delete(path('u-1'))).status, 403)
    }
    assert.equal((await test.as().get(path('u-1'))).status, 401)
  })
})
