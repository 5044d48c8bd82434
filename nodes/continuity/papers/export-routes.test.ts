import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import type { ApiRequest } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { checkGolden } from '../../../platform/regulation/golden.fixture.ts'
import { checkRoutes } from './check-routes.ts'
import { seedMarch } from './march.fixture.ts'
import { paperRoutes } from './routes.ts'

const base = '/api/quality/exports/continuity'
const latin1 = { 'content-type': 'text/csv; charset=iso-8859-1' }

describe('official exports of continuity', function () {
  this.timeout(60_000)
  const test = useApi({
    routes: [paperRoutes],
    env: { AGENT_NAME: 'SÃO JOÃO ENERGIA', AGENT_ACRONYM: 'SÃO JOÃO', AGENT_CNPJ: '12ABC34501DE35' },
  })

  it('are made, and compared, by routes of their own', () => {
    const paths = checkRoutes(test.services).map(({ path }) => path.replace('/check', ''))
    assert.deepEqual(
      test.api.routes.filter(({ method, path }) => method === 'GET' && path.startsWith(base)).map(({ path }) => path),
      paths,
    )
  })

  before(async () => {
    platformClock.set({ at: Date.parse('2026-04-15T12:00:00Z'), rate: 0 })
    await seedMarch(test.database.database)
  })
  after(() => platformClock.set(undefined))

  async function exported(path: string): Promise<{ bytes: Buffer; headers: Headers }> {
    const response = await fetch(`${test.url}${base}/${path}`, {
      headers: { authorization: `Bearer ${await test.tokenOf('viewer')}` },
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    assert.equal(response.status, 200, bytes.toString())
    return { bytes, headers: response.headers }
  }
  async function check(kind: string, bytes: Uint8Array) {
    const response = await fetch(`${test.url}${base}/${kind}/check`, {
      method: 'POST',
      headers: { ...latin1, authorization: `Bearer ${await test.tokenOf('viewer')}` },
      body: new Uint8Array(bytes),
    })
    // oxlint-disable-next-line typescript/no-explicit-any -- looked into below
    return { status: response.status, body: (await response.json()) as any }
  }
  const changed = (bytes: Buffer, from: string | RegExp, to: string): Buffer => {
    const text = bytes.toString('latin1')
    const other = text.replace(from, to)
    assert.notEqual(other, text)
    return Buffer.from(other, 'latin1')
  }

  for (const [kind, query, golden] of [
    ['indicators', 'year=2026&month=3', 'indicadores-continuidade-coletivos-2026-03.csv'],
    ['limits', 'year=2026', 'indicadores-continuidade-coletivos-limite-2026.csv'],
    ['compensation', 'year=2026&month=3', 'indicadores-continuidade-coletivos-compensacao-2026-03.csv'],
    ['emergency-service', 'year=2026&month=3', 'atendimento-ocorrencias-emergenciais-2026-03.csv'],
    ['interruptions', 'year=2026&month=3', 'interrupcoes-energia-eletrica-2026-03.csv'],
    ['interruptions', 'year=2026&layout=18', 'interrupcoes-energia-eletrica-2026.csv'],
  ] as const)
    it(`${golden} is, byte by byte, as agreed on, and is found to be what is known here`, async () => {
      const { bytes, headers } = await exported(`${kind}?${query}`)
      checkGolden('continuity', golden, bytes)
      assert.equal(headers.get('content-type'), 'text/csv; charset=iso-8859-1; header=present')
      assert.equal(headers.get('content-disposition'), `attachment; filename="${golden}"`)
      const { status, body } = await check(kind, bytes)
      assert.equal(status, 200, JSON.stringify(body))
      assert.deepEqual([body.different, body.differences, body.ofOthers], [0, [], 0])
      assert.equal(body.equal, body.values ?? body.lines)
      assert.ok(body.equal > 3)
      assert.deepEqual(body.recount ?? [], [])
    })

  it('that were changed are told apart, by value', async () => {
    const { bytes } = await exported('indicators?year=2026&month=3')
    const { body } = await check('indicators', changed(bytes, /;DECIND;2026;3;[\d,]+/, ';DECIND;2026;3;99,99'))
    assert.equal(body.different, 1)
    const [{ conjuntoId, code, file }] = body.differences
    assert.deepEqual([conjuntoId, code, file], ['7', 'DECIND', 99.99])
  })

  it('of interruptions that were changed are told apart, by line, and counted again', async () => {
    const { bytes } = await exported('interruptions?year=2026&month=3')
    const { body } = await check('interruptions', changed(bytes, '2026-03-10 16:00:00', '2026-03-10 17:00:00'))
    assert.equal(body.different, 2)
    assert.deepEqual(
      body.recount.map(({ conjuntoId, code }: Record<string, string>) => [conjuntoId, code]),
      [
        ['14236', 'DEC'],
        ['14236', 'DECIND'],
      ],
    )
  })

  it('of other distributors are passed over', async () => {
    const { bytes } = await exported('limits?year=2026')
    const { body } = await check('limits', changed(bytes, '12ABC34501DE35', '06981180000116'))
    assert.deepEqual([body.ofOthers, body.values, body.different], [1, 3, 1])
  })

  it('of a month without any are the names of the columns, and what is none', async () => {
    const lines = (await exported('interruptions?year=2026&month=1')).bytes.toString('latin1').split('\r\n')
    assert.equal(lines.length, 2)
  })

  for (const path of [
    'compensation?year=2000&month=1',
    'indicators?year=2026',
    'indicators?year=2026&month=13',
    'interruptions?year=2026&layout=20',
    'limits',
  ])
    it(`of ${path} are refused`, async () => assert.equal((await test.as('viewer').get(`${base}/${path}`)).status, 400))

  for (const [kind, text, why] of [
    ['indicators', 'SigAgente;NumCNPJ\nA;1\n', /line 1: there is no column IdeConjUndConsumidoras/],
    [
      'indicators',
      'IdeConjUndConsumidoras;DscConjUndConsumidoras;SigAgente;NumCNPJ;SigIndicador;AnoIndice;NumPeriodoIndice;VlrIndiceEnviado\n1;A;S;12ABC34501DE35;DEC;2026;13;1,00\n',
      /line 2, NumPeriodoIndice: 13 is no month/,
    ],
    [
      'limits',
      'SigAgente;NumCNPJ;IdeConjUndConsumidoras;DscConjUndConsumidoras;SigIndicador;AnoLimiteQualidade;VlrLimite\nS;1;1;A;DEC;2026;x\n',
      /line 2, VlrLimite: "x" cannot be read/,
    ],
  ] as const)
    it(`that begin ${text.slice(0, 40)} … ${text.slice(-20).trim()} are refused by line`, async () => {
      const { status, body } = await check(kind, Buffer.from(text, 'latin1'))
      assert.equal(status, 400)
      assert.match(body.detail, why)
    })

  it('are bounded: a file of very many months is refused', async () => {
    const head = (await exported('indicators?year=2026&month=1')).bytes.toString('latin1').split('\r\n')[0]!
    const rows = Array.from({ length: 13 }, (_each, at) => `;1;A;S;12ABC34501DE35;DEC;${2010 + at};1;1,00`)
    const { status, body } = await check('indicators', Buffer.from([head, ...rows].join('\n'), 'latin1'))
    assert.equal(status, 400)
    assert.match(body.detail, /13 months.*12 at most/)
  })

  for (const year of [2000, 2010, 2199])
    it(`of ${year} are as good as any`, async () => {
      for (const path of [`indicators?year=${year}&month=1`, `interruptions?year=${year}`, `limits?year=${year}`])
        await exported(path)
    })

  it('are for users', async () => {
    assert.equal((await test.as().get(`${base}/indicators?year=2026&month=3`)).status, 401)
    assert.equal((await test.as().post(`${base}/indicators/check`, 'x', latin1)).status, 401)
  })
})

describe('official exports of continuity in production, of nobody knows which distributor', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [paperRoutes] })

  it('are none', async () => {
    const nobody = {
      ...test.services,
      environment: { ...test.services.environment, NODE_ENV: 'production' },
    } as Services
    for (const route of paperRoutes(nobody).filter(({ method, path }) => method === 'GET' && path.startsWith(base)))
      await assert.rejects(
        route.handle({ query: { year: 2026, month: 3 } } as ApiRequest),
        /AGENT_NAME is not set: letters and official files name the distributor/,
      )
  })
})
