import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import { checkGolden } from '../../platform/regulation/golden.fixture.ts'
import { voltageRoutes } from './routes.ts'
import { seedCase, seedMeasurement, seedUnit } from './seeded-measurements.fixture.ts'

const latin1 = { 'content-type': 'text/csv; charset=iso-8859-1' }
const quarter = '2026-07-01'

describe('official exports', function () {
  this.timeout(60_000)
  const test = useApi({
    routes: [voltageRoutes],
    env: { AGENT_NAME: 'São João', AGENT_ACRONYM: 'SÃO JOÃO', AGENT_CNPJ: '12ABC34501DE35' },
  })
  const base = '/api/quality/exports/voltage'

  before(async () => {
    platformClock.set({ at: Date.parse('2026-10-15T12:00:00Z'), rate: 0 })
    const { database } = test.database
    for (const unit of ['u-1', 'u-2', 'u-3', 'u-4']) await seedUnit(database, unit)
    // Superseded by the one taken again.
    await seedMeasurement(database, {
      unitId: 'u-1',
      kind: 'sample',
      quarter,
      precarious: [1, 0, 0],
      critical: [0, 9, 0],
    })
    const sampled = await seedMeasurement(database, {
      ...{ unitId: 'u-1', kind: 'sample' as const, quarter },
      ...{ precarious: [45, 62, 81] as const, critical: [122, 151, 94] as const },
    })
    await seedMeasurement(database, {
      unitId: 'u-2',
      kind: 'sample',
      quarter,
      precarious: [30, 0, 2],
      critical: [0, 0, 0],
    })
    await seedMeasurement(database, { unitId: 'u-3', precarious: [500, 0, 0], critical: [0, 0, 0] })
    await seedMeasurement(database, {
      ...{ unitId: 'u-4', kind: 'sample' as const, quarter, status: 'running' as const },
      ...{ precarious: [0, 0, 0] as const, critical: [0, 0, 0] as const },
    })
    await seedCase(database, sampled, { '2026-08-01': 116.46, '2026-09-01': 1_234.5, '2026-10-01': 7 })
  })
  after(() => platformClock.set(undefined))

  async function bytesOf(path: string): Promise<{ bytes: Buffer; headers: Headers }> {
    const response = await fetch(`${test.url}${base}/${path}`, {
      headers: { authorization: `Bearer ${await test.tokenOf('viewer')}` },
    })
    assert.equal(response.status, 200)
    return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers }
  }
  const check = (kind: string, text: string, headers: Record<string, string> = latin1) =>
    test.as('viewer').post(`${base}/${kind}/check`, text, headers)

  it('of indicators are the newest of each drawn unit, byte by byte as agreed on', async () => {
    const { bytes, headers } = await bytesOf('indicators?year=2026&quarter=3')
    checkGolden('voltage', 'indicadores-conformidade-nivel-tensao-2026-3.csv', bytes)
    assert.equal(headers.get('content-type'), 'text/csv; charset=iso-8859-1; header=present')
    assert.match(headers.get('content-disposition')!, /filename="indicadores-conformidade-nivel-tensao-2026-3\.csv"/)
  })

  it('of compensation are sums by month, byte by byte as agreed on', async () =>
    checkGolden(
      'voltage',
      'indicadores-compensacao-nivel-tensao-2026-3.csv',
      (await bytesOf('compensation?year=2026&quarter=3')).bytes,
    ))

  it('of a quarter without any are the names of the columns', async () => {
    const { bytes } = await bytesOf('indicators?year=2025&quarter=1')
    assert.equal(bytes.toString('latin1').split('\r\n').length, 2)
  })

  for (const query of ['year=2026', 'year=2026&quarter=5', 'year=1999&quarter=1', 'year=2026&quarter=1&x=1'])
    it(`of ${query} are refused`, async () =>
      assert.equal((await test.as('viewer').get(`${base}/indicators?${query}`)).status, 400))

  it('of indicators are found to be those of here', async () => {
    const { bytes } = await bytesOf('indicators?year=2026&quarter=3')
    const sent = await fetch(`${test.url}${base}/indicators/check`, {
      method: 'POST',
      headers: { ...latin1, authorization: `Bearer ${await test.tokenOf('viewer')}` },
      body: new Uint8Array(bytes),
    })
    assert.deepEqual(await sent.json(), {
      agents: [{ acronym: 'SÃO JOÃO', cnpj: '12ABC34501DE35', isOurs: true }],
      ...{ units: 2, equal: 2, different: 0, differences: [], icc: [], others: {} },
    })
  })

  it('of indicators that were changed are told apart, by unit', async () => {
    const { bytes } = await bytesOf('indicators?year=2026&quarter=3')
    const text = bytes.toString('latin1').replace('u-1;DRP;2026;3;8,03', 'u-1;DRP;2026;3;2,97').replace('50,00', '0,00')
    const { status, body } = await check('indicators', Buffer.from(text, 'utf8').toString(), {
      'content-type': 'text/csv',
    })
    assert.equal(status, 200)
    assert.deepEqual(
      [body.equal, body.differences, body.icc],
      [
        1,
        [
          {
            ...{ year: 2026, quarter: 3, unitId: 'u-1' },
            ...{ file: { precarious: 30, critical: 151 }, here: { precarious: 81, critical: 151 } },
          },
        ],
        [{ year: 2026, quarter: 3, filePct: 0, herePct: 50 }],
      ],
    )
  })

  it('of compensation are found to be those of here, or not', async () => {
    const text = (await bytesOf('compensation?year=2026&quarter=3')).bytes
      .toString('latin1')
      .replaceAll('SÃO JOÃO', 'S')
    assert.deepEqual((await check('compensation', text)).body, { months: 2, differences: [] })
    assert.deepEqual((await check('compensation', text.replace('116,46', '116,47'))).body.differences, [
      { year: 2026, month: 8, fileBrl: 116.47, hereBrl: 116.46 },
    ])
  })

  for (const [text, why] of [
    ['SigAgente;NumCNPJ\nA;1\n', /line 1: there is no column SigIndicador/],
    [
      'SigAgente;NumCNPJ;CodUndCnmSrt;SigIndicador;AnoIndice;NumPeriodoIndice;VlrIndiceEnviado\nA;1;u;DRP;2026;3;x\n',
      /line 2, VlrIndiceEnviado: "x" cannot be read/,
    ],
    [
      'SigAgente;NumCNPJ;CodUndCnmSrt;SigIndicador;AnoIndice;NumPeriodoIndice;VlrIndiceEnviado\nA;1;u;DRP;2026;9;1,98\n',
      /line 2, NumPeriodoIndice: 9 is no quarter/,
    ],
  ] as const)
    it(`that begin ${text.slice(-30).trim()} are refused by line`, async () => {
      const { status, body } = await check('indicators', text)
      assert.equal(status, 400)
      assert.match(body.detail, why)
    })

  it('in Latin-1 that say they are UTF-8 are refused with what to say', async () => {
    const response = await fetch(`${test.url}${base}/indicators/check`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', authorization: `Bearer ${await test.tokenOf('viewer')}` },
      body: new Uint8Array([0x53, 0xe3, 0x6f]),
    })
    assert.match(
      ((await response.json()) as { detail: string }).detail,
      /not UTF-8: send it as text\/csv; charset=iso-8859-1/,
    )
  })

  it('are for users', async () =>
    assert.equal((await test.as().get(`${base}/indicators?year=2026&quarter=3`)).status, 401))
})
