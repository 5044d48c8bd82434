import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { entryRoutes } from './entry-routes.ts'
import { registerRoutes } from './register-routes.ts'
import { registers } from './registers.ts'
import { seedConjuntos, seedUnits } from './seeded-conjuntos.fixture.ts'

const csv = { 'content-type': 'text/csv' }
const asCsv = { accept: 'text/csv' }
const at = (name: string, more = ''): string => `/api/quality/continuity/registers/${name}${more}`

describe('each register', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [registerRoutes, entryRoutes] })
  const admin = () => test.as('admin')

  before(async () => {
    await seedConjuntos(test.database.database, ['12345', '20002'])
    await seedUnits(test.database.database, '12345', ['unit-001', 'unit-002'])
  })

  const keysOf = (name: string): string[] => {
    const { key } = registers.find((one) => one.name === name)!
    return key.map((column) => column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
  }

  for (const { name, example, columns } of registers)
    describe(`of ${name}`, () => {
      it('take a file, the same file changes nothing, and what goes out comes in again', async () => {
        const first = await admin().post(at(name, '/import'), example, csv)
        assert.deepEqual([first.status, first.body], [200, { added: 1, changed: 0, unchanged: 0 }], first.text)
        const again = await admin().post(at(name, '/import'), example, csv)
        assert.deepEqual(again.body, { added: 0, changed: 0, unchanged: 1 })
        const out = await admin().get(at(name), asCsv)
        assert.equal(out.status, 200, out.text)
        assert.ok(out.text.startsWith(Object.keys(columns).join(',')), out.text)
        const back = await admin().post(at(name, '/import'), out.text, csv)
        assert.deepEqual([back.status, back.body], [200, { added: 0, changed: 0, unchanged: 1 }], back.text)
      })

      it('show rows with who entered them, take them from programs, and remove them', async () => {
        const { body } = await admin().get(at(name))
        assert.equal(body.items.length, 1)
        const [{ enteredBy, enteredAt, ...row }] = body.items
        assert.equal(enteredBy, 'admin')
        assert.ok(Date.parse(enteredAt) > 0)
        const put = await admin().put(at(name), { items: [row] })
        assert.deepEqual([put.status, put.body], [200, { added: 0, changed: 0, unchanged: 1 }], put.text)
        const keys = Object.fromEntries(Object.entries(row).filter(([field]) => keysOf(name).includes(field)))
        const removed = await admin().post(at(name, '/remove'), { items: [keys] })
        assert.deepEqual([removed.status, removed.body], [200, { removed: 1 }], removed.text)
        assert.deepEqual((await admin().get(at(name))).body.items, [])
        const entries = (await admin().get(`/api/quality/continuity/register-entries?register=${name}`)).body.items
        assert.deepEqual(
          entries.map((entry: { added: number; removed: number; enteredBy: string }) => [
            ...[entry.added, entry.removed, entry.enteredBy],
          ]),
          [
            [0, 1, 'admin'],
            [1, 0, 'admin'],
          ],
        )
        const past = await admin().get(`/api/quality/continuity/register-entries/${entries[0].entryId}/past`)
        assert.equal(past.body.items.length, 1)
        assert.equal(past.body.items[0].register, name)
        const put2 = await admin().put(at(name), { items: [row] })
        assert.deepEqual(put2.body, { added: 1, changed: 0, unchanged: 0 })
      })

      it('refuse a cursor of another list, and those who may not', async () => {
        assert.equal(
          (await admin().get(at(name, '?cursor=eyJrZXkiOlsieCJdfQ'))).status,
          name === 'emergency-occurrences' ? 200 : 400,
        )
        assert.equal((await test.as('viewer').put(at(name), { items: [{}] })).status, 403)
        assert.equal((await test.as().get(at(name))).status, 401)
      })
    })
})

describe('registers of continuity', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [registerRoutes, entryRoutes] })
  const admin = () => test.as('admin')
  const operator = () => test.as('operator')

  before(async () => {
    await seedConjuntos(test.database.database, ['12345', '20002'])
    await seedUnits(test.database.database, '12345', ['unit-001', 'unit-002'])
  })

  it('tell every fault of a file with its line, and take nothing of it', async () => {
    const file = [
      'conjunto_id;year;dec;fec',
      '12345;2027;10,5;7,25',
      '99999;2027;10,5;7,25',
      '12345;27;x;7,255',
      '12345;2027;1;1',
    ].join('\n')
    const { status, body } = await admin().post(at('conjunto-limits', '/import'), file, csv)
    assert.equal(status, 400)
    assert.deepEqual(
      body.errors.map(({ field, problem }: { field: string; problem: string }) => [field, problem]),
      [
        ['body.lines.3.conjunto_id', 'a conjunto that the registry does not have'],
        ['body.lines.4.year', 'not a year (2026)'],
        ['body.lines.4.dec', 'not a number of two decimals at most'],
        ['body.lines.4.fec', 'not clear: write it with two decimals at most'],
        ['body.lines.5', 'conjunto_id 12345, year 2027 is on line 2 already'],
      ],
    )
    assert.deepEqual((await admin().get(at('conjunto-limits', '?year=2027'))).body.items, [])
  })

  it('name the item and the field that a program got wrong', async () => {
    const items = [
      { conjuntoId: '12345', day: '2026-03-01', occurrences: 3 },
      { conjuntoId: 'nobody', day: '2026-03-01', occurrences: 3 },
    ]
    const { status, body } = await operator().put(at('emergency-days'), { items })
    assert.equal(status, 400)
    assert.equal(body.errors[0].field, 'body.items.1.conjuntoId')
    assert.equal(body.errors[0].value, 'nobody')
  })

  it('keep limits as whole hundredths, with comma and with point', async () => {
    const read = async (dec: string): Promise<unknown> => {
      const file = `conjunto_id;year;dec;fec\n20002;2026;${dec};1\n`
      assert.equal((await admin().post(at('conjunto-limits', '/import'), file, csv)).status, 200)
      const rows = await test.database.database.query<{ dec: number }>(
        "select dec_hundredths as dec from conjunto_limit where conjunto_id = '20002'",
      )
      return rows[0]!.dec
    }
    for (const [text, hundredths] of [
      ['8,29', 829],
      ['8.29', 829],
      [',5', 50],
      ['1500', 150_000],
      ['1,1', 110],
    ] as const)
      assert.equal(await read(text), hundredths)
  })

  it('take the limits of the regulator, of our conjuntos only', async () => {
    const file = [
      'DatGeracaoConjuntoDados;IdeConjUndConsumidoras;DscConjUndConsumidoras;SigAgente;NumCNPJ;SigIndicador;AnoLimiteQualidade;VlrLimite',
      '2026-10-01;12345;São João;EXEMPLO;00000000000000;DEC;2025;11,00',
      '2026-10-01;12345;São João;EXEMPLO;00000000000000;FEC;2025;8,00',
      '2026-10-01;777;Outra;OUTRA;11111111111111;DEC;2025;3,00',
    ].join('\r\n')
    const { status, body, text } = await admin().post(at('conjunto-limits', '/import'), file, csv)
    assert.deepEqual([status, body], [200, { added: 1, changed: 0, unchanged: 0, passedOver: 1 }], text)
    const [row] = (await admin().get(at('conjunto-limits', '?year=2025'))).body.items
    assert.deepEqual([row.conjuntoId, row.dec, row.fec], ['12345', 11, 8])
    const half = await admin().post(at('conjunto-limits', '/import'), file.replace(';FEC;2025', ';FEC;2024'), csv)
    assert.equal(half.status, 400)
    assert.match(half.text, /conjunto 12345 has a limit of DEC in 2025, and none of FEC/)
  })

  it('come in pages by their keys', async () => {
    const items = Array.from({ length: 25 }, (_, index) => ({
      ...{ conjuntoId: index % 2 ? '12345' : '20002', day: `2025-01-${String(index + 1).padStart(2, '0')}` },
      occurrences: index,
    }))
    assert.equal((await operator().put(at('emergency-days'), { items })).body.added, 25)
    const days: string[] = []
    let cursor = ''
    do {
      const query = `?from=2025-01-01&to=2025-02-01&limit=10${cursor && `&cursor=${cursor}`}`
      const { body } = await operator().get(at('emergency-days', query))
      days.push(...body.items.map((item: { conjuntoId: string; day: string }) => `${item.conjuntoId} ${item.day}`))
      cursor = body.nextCursor ?? ''
    } while (cursor)
    assert.equal(days.length, 25)
    assert.deepEqual(days, days.toSorted())
  })

  it('let a service be told as it goes on, and never forget what is known of it', async () => {
    const base = {
      occurrenceId: 'OC-9',
      conjuntoId: '12345',
      openedAt: '2026-03-10T14:00:00-03:00',
      withInterruption: true,
    }
    const told = [
      { ...base },
      { ...base, dispatchedAt: '2026-03-10T14:10:00-03:00' },
      { ...base, closedAt: '2026-03-10T16:00:00-03:00', arrivedAt: '2026-03-10T15:00:00-03:00' },
      { ...base },
    ]
    for (const item of told)
      assert.equal((await operator().put(at('emergency-occurrences'), { items: [item] })).status, 200)
    const query = '?conjuntoId=12345&from=2026-03-10T17:00:00Z&to=2026-03-10T17:00:01Z'
    const { items } = (await operator().get(at('emergency-occurrences', query))).body
    const one = items.find(({ occurrenceId }: { occurrenceId: string }) => occurrenceId === 'OC-9')
    assert.deepEqual(
      [one.dispatchedAt, one.arrivedAt, one.closedAt],
      ['2026-03-10T17:10:00.000Z', '2026-03-10T18:00:00.000Z', '2026-03-10T19:00:00.000Z'],
    )
    const [kept] = await test.database.database.query<{ past: number }>(
      "select count(*)::int as past from register_past where past_row->>'occurrence_id' = 'OC-9'",
    )
    assert.equal(kept!.past, 0, 'a service that goes on changes nothing of what was said')
    const backwards = { ...base, openedAt: '2026-03-10T14:30:00-03:00' }
    const refused = await operator().put(at('emergency-occurrences'), { items: [backwards] })
    assert.equal(refused.status, 400)
    assert.match(refused.text, /does not go with what is known of it already/)
    const moved = { ...base, openedAt: '2026-03-10T13:50:00-03:00' }
    assert.equal((await operator().put(at('emergency-occurrences'), { items: [moved] })).body.changed, 1)
    const after = await test.database.database.query<{ openedAt: string }>(
      `select past_row->>'opened_at' as "openedAt" from register_past where past_row->>'occurrence_id' = 'OC-9'`,
    )
    assert.equal(Date.parse(after[0]!.openedAt), Date.parse(base.openedAt))
  })

  it('are looked at under record where they tell of consumption', async () => {
    const items = [{ unitId: 'unit-002', month: '2026-03', vrcBrl: 61.37, source: 'billing' }]
    assert.equal((await admin().put(at('monetary-bases'), { items })).status, 200)
    assert.equal((await test.as('engineer').get(at('monetary-bases'))).status, 403)
    assert.equal((await operator().get(at('monetary-bases'))).status, 200)
    const rows = await test.database.database.query<{ subject: string }>(
      "select subject from access_log where username = 'operator' and event = 'consumption_read'",
    )
    assert.deepEqual(rows, [{ subject: 'unit-002' }])
  })
})
