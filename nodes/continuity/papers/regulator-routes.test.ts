import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { apiKeyRoutes } from '../../../platform/access/api-key-routes.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { continuityRoutes } from '../routes.ts'
import { manyUnits, seedUnits } from './outages.fixture.ts'

const now = Date.parse('2026-03-10T15:10:00Z')
const hourMs = 3_600_000

describe('the API for the regulator', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [continuityRoutes, apiKeyRoutes], env: { REGULATOR_EMAIL: 'radar@energia.example' } })
  let key: string
  let ids: number[]
  const ask = (path: string, given = key) => test.as().get(`/api/aneel/${path}`, { 'x-api-key': given })

  before(async () => {
    platformClock.set({ at: now, rate: 0 })
    const { database } = test.database
    const [sp, am] = [manyUnits(6, 'a', '14236', 3_550_308), manyUnits(3, 'b', '2', 1_302_603)]
    await seedUnits(database, [...sp, ...am, { unitId: 'own', conjuntoId: '2', municipalityCode: 1_302_603 }], {
      '2': 'America/Manaus',
    })
    const of = (units: readonly { unitId: string }[], from: number, until: number | null = null) =>
      units.map(({ unitId }) => ({ unitId, from, until }))
    const { interruptionIds } = await seedInterruptions(database, [
      { units: [...of(sp.slice(0, 4), now - hourMs), ...of(am.slice(0, 1), now - hourMs)], cause: 'wind' },
      { units: of(am.slice(1), now - 2 * hourMs), programmed: true },
      { units: of(sp, now - 30 * hourMs, now - 29 * hourMs) },
      { units: [{ unitId: 'own', from: now - hourMs, until: null }], elementKind: 'unit', elementId: 'own' },
    ])
    ids = interruptionIds
    await database.query(
      `insert into interruption_exclusion (interruption_id, reason, evidence, approval_id)
       values ($1, 'suspension', 'not paid', 1)`,
      [ids[3]],
    )
    await test
      .as('operator')
      .put(`/api/quality/continuity/interruptions/${ids[1]}/estimate`, { restoredBy: '2026-03-10T20:00:00Z' })
    key = (await test.as('admin').post('/api/api-keys', { name: 'ANEEL', scope: 'regulator' })).body.key
  })
  after(() => platformClock.set(undefined))

  it('tells units under way by conjunto and municipality, in the words of the regulator', async () => {
    const { status, body } = await ask('quantitativointerrupcoesativas')
    assert.equal(status, 200)
    assert.deepEqual(body, {
      ...{ idcStatusRequisicao: 1, emailIndisponibilidade: 'radar@energia.example', mensagem: '' },
      interrupcaoFornecimento: [
        {
          ...{ ideConjuntoUnidadeConsumidora: 2, ideMunicipio: 1_302_603, qtdUCsAtendidas: 4 },
          ...{ qtdOcorrenciaProgramada: 2, qtdOcorrenciaNaoProgramada: 1 },
        },
        {
          ...{ ideConjuntoUnidadeConsumidora: 14_236, ideMunicipio: 3_550_308, qtdUCsAtendidas: 6 },
          ...{ qtdOcorrenciaProgramada: 0, qtdOcorrenciaNaoProgramada: 4 },
        },
      ],
    })
  })

  it('tells them of an earlier instant, by the clocks of Brasília', async () => {
    const { body } = await ask('quantitativointerrupcoesativas?dthRecuperacao=09/03/2026%2006:30')
    assert.deepEqual(
      body.interrupcaoFornecimento.map((one: Record<string, unknown>) => one.qtdOcorrenciaNaoProgramada),
      [6],
    )
    assert.deepEqual(
      (await ask('quantitativointerrupcoesativas?dthRecuperacao=09/03/2026%2005:00')).body.interrupcaoFornecimento,
      [],
    )
  })

  it('tells interruptions one by one, by the clocks of each conjunto, and totals', async () => {
    const { body } = await ask('interrupcoesativas')
    const manaus = { ideMunicipio: 1_302_603, ideConjuntoUnidadeConsumidora: 2, dscFusoHorario: 'America/Manaus' }
    assert.deepEqual(body.interrupcoes[0], {
      ...{ ideInterrupcao: ids[0], ideEvento: ids[0], ...manaus, dscConjuntoUnidadeConsumidora: 'Conjunto São João 2' },
      ...{ dscAlimentador: null, dthInicio: '10/03/2026 10:10', dthPrevisaoRestabelecimento: null },
      ...{ idcProgramada: false, dscCausa: 'Vento', qtdUCsInterrompidas: 1 },
    })
    assert.deepEqual(
      body.interrupcoes.map((one: Record<string, unknown>) => [
        one.ideInterrupcao,
        one.dthInicio,
        one.qtdUCsInterrompidas,
      ]),
      [
        [ids[0], '10/03/2026 10:10', 1],
        [ids[0], '10/03/2026 11:10', 4],
        [ids[1], '10/03/2026 09:10', 2],
      ],
    )
    assert.equal(body.interrupcoes[2].dthPrevisaoRestabelecimento, '10/03/2026 16:00')
    assert.equal(body.dthReferencia, '10/03/2026 12:10')
    assert.deepEqual(body.totais, {
      ...{ qtdUCsInterrompidas: 7, qtdUCsProgramada: 2, qtdUCsNaoProgramada: 5 },
      municipios: [
        { ideMunicipio: 1_302_603, qtdUCsInterrompidas: 3 },
        { ideMunicipio: 3_550_308, qtdUCsInterrompidas: 4 },
      ],
    })
    assert.equal(body.nextCursor, null)
    const ofOne = (await ask('interrupcoesativas?ideMunicipio=3550308')).body
    assert.deepEqual([ofOne.interrupcoes.length, ofOne.totais.qtdUCsInterrompidas], [1, 4])
  })

  for (const text of ['2026-03-09', '31/02/2026 10:00', '11/03/2026 10:00', '01/01/2026 10:00'])
    it(`refuses ${text} as the instant`, async () => {
      const { status, body } = await ask(`quantitativointerrupcoesativas?dthRecuperacao=${encodeURIComponent(text)}`)
      assert.equal(status, 400)
      assert.equal(body.errors[0].field, 'query.dthRecuperacao')
    })

  it('is by its key, or for users who may read; the key opens nothing else', async () => {
    for (const path of ['quantitativointerrupcoesativas', 'interrupcoesativas']) {
      assert.equal((await test.as().get(`/api/aneel/${path}`)).status, 401)
      assert.equal((await ask(path, `${key}x`)).status, 401)
      assert.equal((await test.as('viewer').get(`/api/aneel/${path}`)).status, 200)
    }
    const opened = await Promise.all(
      test.api.routes
        .filter(({ method, right, path }) => method === 'GET' && right !== 'open' && !path.startsWith('/api/aneel/'))
        .map(async ({ path }) => {
          const at = path.replaceAll(/\{[^}]*\}/g, '1')
          return [path, (await test.as().get(at, { 'x-api-key': key })).status] as const
        }),
    )
    assert.ok(opened.length > 3)
    for (const [path, status] of opened) assert.equal(status, 401, path)
  })

  it('stands in the document, with the header that its key goes in', async () => {
    const { body } = await test.as('viewer').get('/api/openapi.json')
    const route = body.paths['/api/aneel/interrupcoesativas'].get
    assert.deepEqual(route.security.at(-1), { regulator: [] })
    assert.deepEqual(
      [body.components.securitySchemes.regulator.type, body.components.securitySchemes.regulator.name],
      ['apiKey', 'x-api-key'],
    )
  })
})
