import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import { readLetterHtml } from './letter-html.ts'
import { readLetterPdf } from './letter-pdf.ts'
import { voltageRoutes } from './routes.ts'
import { seedCase, seedMeasurement, seedUnit } from './seeded-measurements.fixture.ts'

describe('letters over the API', function () {
  this.timeout(60_000)
  const test = useApi({
    routes: [voltageRoutes],
    env: { AGENT_NAME: 'Distribuidora São João S.A.', AGENT_ACRONYM: 'DSJ', AGENT_CNPJ: '12ABC34501DE35' },
  })
  let [broken, kept, running] = [0, 0, 0]
  const path = (id: number | string, rest = '') => `/api/quality/voltage/measurements/${id}/letter${rest}`
  const looks = async () =>
    (
      await test.database.database.query<Record<string, string>>(
        "select event, subject from access_log where event like 'personal%' order by id",
      )
    ).map(({ event, subject }) => `${event} ${subject}`)

  before(async () => {
    platformClock.set({ at: Date.parse('2026-08-25T01:00:00Z'), rate: 0 })
    const { database } = test.database
    for (const unit of ['u-1', 'u-2']) await seedUnit(database, unit)
    broken = await seedMeasurement(database, { unitId: 'u-1', precarious: [45, 62, 81], critical: [122, 151, 94] })
    kept = await seedMeasurement(database, { unitId: 'u-2', precarious: [30, 0, 2], critical: [0, 5, 0] })
    running = await seedMeasurement(database, {
      ...{ unitId: 'u-1', status: 'running' as const },
      ...{ precarious: [0, 0, 0] as const, critical: [0, 0, 0] as const },
    })
    await seedCase(database, broken, { '2026-08-01': 116.46 })
    await database.query(
      `insert into unit_holder (unit_id, validity, name, address, changed_at)
       values ('u-1', tstzrange(null, '2026-08-17T05:00:00Z'), 'Maria da Silva', 'Rua das Flores, 1', '2026-01-01'),
              ('u-1', tstzrange('2026-08-17T05:00:00Z', null), 'João', null, '2026-01-01')`,
    )
  })
  after(() => platformClock.set(undefined))

  it('are written to whoever held the unit when it was measured, dated by the civil day', async () => {
    const { status, headers, text } = await test.as('operator').get(path(broken))
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
    for (const part of [
      'Maria da Silva',
      'Rua das Flores, 1',
      '24 de agosto de 2026',
      'R$\u00a0116,46',
      '15/11/2026',
      '01/09/2026',
    ])
      assert.ok(text.includes(part), part)
    assert.ok(!text.includes('João<'))
  })

  it('allow their own style and nothing else', async () => {
    const { headers, text } = await test.as('operator').get(path(broken))
    const style = /<style>([^]*?)<\/style>/.exec(text)![1]!
    const print = createHash('sha256').update(style).digest('base64')
    const policy = headers.get('content-security-policy')!
    assert.ok(policy.startsWith(`default-src 'none'; style-src 'sha256-${print}'`), policy)
  })

  it('are read back to the indicators of the database, as a page and as a PDF', async () => {
    const page = await test.as('operator').get(path(broken))
    const pdf = await fetch(test.url + path(broken, '.pdf'), {
      headers: { authorization: `Bearer ${await test.tokenOf('operator')}` },
    })
    assert.equal(pdf.headers.get('content-type'), 'application/pdf')
    assert.match(pdf.headers.get('content-disposition')!, /filename="medicao-\d+\.pdf"/)
    const record = readLetterHtml(page.text)
    assert.deepEqual(readLetterPdf(new Uint8Array(await pdf.arrayBuffer())), record)
    const [stored] = await test.database.database.query(
      'select nlp, nlc, drp_pct as "drpPct", drc_pct as "drcPct" from measurement_result where measurement_id = $1',
      [broken],
    )
    const { nlp, nlc, drpPct, drcPct } = record
    assert.deepEqual({ nlp, nlc, drpPct, drcPct }, stored)
  })

  it('of a unit whose holder nobody knows are to whoever holds it, and have no deadline within the limits', async () => {
    const { text } = await test.as('operator').get(path(kept))
    assert.ok(text.includes('Ao titular da unidade consumidora'))
    assert.ok(text.includes('Resultado: dentro dos limites'))
    assert.ok(!text.includes('Compensação'))
  })

  it('have the date that is asked for', async () => {
    const { text } = await test.as('operator').get(path(kept, '?writtenOn=2026-09-01'))
    assert.ok(text.includes('1º de setembro de 2026'))
    assert.equal((await test.as('operator').get(path(kept, '?writtenOn=2026-02-30'))).status, 400)
  })

  it('are recorded, each look', async () => {
    const before = await looks()
    await test.as('operator').get(path(kept))
    await test.as('operator').get(path(broken, '.pdf'))
    assert.deepEqual((await looks()).slice(before.length), ['personal_read u-2', 'personal_exported u-1'])
  })

  it('are not for whoever may not see personal data, and nothing is recorded', async () => {
    const before = await looks()
    assert.equal((await test.as('viewer').get(path(broken))).status, 403)
    assert.equal((await test.as('viewer').get(path(broken, '.pdf'))).status, 403)
    assert.deepEqual(await looks(), before)
  })

  it('are of complete measurements', async () => {
    const { status, body } = await test.as('operator').get(path(running))
    assert.deepEqual(
      [status, body.detail],
      [409, 'the measurement is running: there is a letter of one that is complete'],
    )
    assert.equal((await test.as('operator').get(path(999_999))).status, 404)
    assert.equal((await test.as('operator').get(path('x'))).status, 400)
  })
})
