import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import type { AnomalyChange } from '../domain/detectors/anomaly.ts'
import { findPlant } from '../slots/plant-repository.ts'
import { juneBegins, seedRoof } from '../slots/seeded-plant.fixture.ts'
import { enterChanges } from './anomaly-repository.ts'
import { anomalyRoutes } from './anomaly-routes.ts'

const hourMs = 3_600_000

describe('anomalies, over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [anomalyRoutes] })

  const change = (
    hour: number,
    kind: 'soiling' | 'zero_output' | 'inverter_trip',
    panelId: string | null,
    what: AnomalyChange['change'] = 'begun',
    severity: 'low' | 'high' = 'low',
  ): AnomalyChange => ({
    ...{ change: what, at: juneBegins + hour * hourMs },
    anomaly: {
      ...{ siteId: 'roof', panelId, panelIds: panelId === null ? ['p-1', 'p-2'] : [panelId], kind, severity },
      since: juneBegins + (hour - 1) * hourMs,
      evidence: [{ feature: 'power_w', value: 0, expected: 250.123456789, unit: 'W', since: juneBegins }],
      recommendations: ['check-connections'],
    },
  })

  before(async () => {
    const { database } = api.database
    await seedRoof(database, 2)
    const { keyOf } = (await findPlant(database, 'roof'))!
    await database.transaction((client) =>
      enterChanges(queriesOf(client), 'roof', keyOf, [
        change(10, 'zero_output', 'p-1'),
        change(11, 'inverter_trip', null),
        change(12, 'zero_output', 'p-1', 'updated', 'high'),
        change(13, 'inverter_trip', null, 'ended'),
        change(14, 'soiling', 'p-2'),
      ]),
    )
  })

  const kinds = async (query: string): Promise<string[]> => {
    const { status, body } = await api.as('viewer').get(query)
    assert.equal(status, 200, JSON.stringify(body))
    return body.items.map(({ kind }: { kind: string }) => kind)
  }

  it('are listed newest first, by what tells them apart', async () => {
    assert.deepEqual(await kinds('/api/anomalies'), ['soiling', 'inverter_trip', 'zero_output'])
    assert.deepEqual(await kinds('/api/anomalies?lasting=true&siteId=roof'), ['soiling', 'zero_output'])
    assert.deepEqual(await kinds('/api/anomalies?severity=high'), ['zero_output'])
    assert.deepEqual(await kinds('/api/anomalies?kind=soiling&panelId=p-2'), ['soiling'])
    assert.deepEqual(await kinds('/api/anomalies?siteId=bare'), [])
    const from = new Date(juneBegins + 14 * hourMs).toISOString()
    assert.deepEqual(await kinds(`/api/anomalies?from=${from}`), ['soiling', 'zero_output'])
    assert.deepEqual(await kinds('/api/anomalies?until=2026-06-10T12:30:00Z'), ['zero_output'])
  })

  it('are what they are: which panel, how grave, what shows it, what is to be done', async () => {
    const [one] = (await api.as('viewer').get('/api/anomalies?severity=high')).body.items
    const { anomaly_id: _id, ...shown } = one
    assert.deepEqual(shown, {
      ...{ panel_id: 'p-1', site_id: 'roof', timestamp: '2026-06-10T12:00:00.000Z', panel_ids: ['p-1'] },
      ...{ alert_type: 'performance_anomaly', severity: 'high', kind: 'zero_output' },
      ...{ found_at: '2026-06-10T13:00:00.000Z', changed_at: '2026-06-10T15:00:00.000Z', ended_at: null },
      details: {
        en: 'no output in daylight, power 0 W (250 W expected)',
        pt: 'sem geração à luz do dia, potência 0 W (esperado 250 W)',
      },
      recommendation: {
        en: 'Check connectors, cables and junction box',
        pt: 'Verificar conectores, cabos e caixa de junção',
      },
      evidence: [{ feature: 'power_w', value: 0, expected: 250.123457, unit: 'W', since: '2026-06-10T03:00:00.000Z' }],
    })
  })

  it('are of one panel, with those of its site, in pages and as CSV', async () => {
    assert.deepEqual(await kinds('/api/panels/p-1/anomalies'), ['inverter_trip', 'zero_output'])
    const first = (await api.as('viewer').get('/api/panels/p-1/anomalies?limit=1')).body
    assert.deepEqual(await kinds(`/api/panels/p-1/anomalies?limit=1&cursor=${first.nextCursor}`), ['zero_output'])
    const { text } = await api.as('viewer').get('/api/panels/p-1/anomalies?lasting=true', { accept: 'text/csv' })
    const [names, row] = text.split('\r\n')
    assert.match(names!, /^anomaly_id,panel_id,.*details_en,recommendation_en,details_pt,recommendation_pt$/)
    assert.match(row!, /p-1,roof,.*zero_output.*conectores/)
  })

  it('are not of what is no panel, and are for those who may read', async () => {
    assert.equal((await api.as('viewer').get('/api/panels/nobody/anomalies')).status, 404)
    assert.equal((await api.as().get('/api/anomalies')).status, 401)
    const query = 'from=2026-06-11T00:00:00Z&until=2026-06-10T00:00:00Z'
    const { status, body } = await api.as('viewer').get(`/api/anomalies?${query}`)
    assert.deepEqual([status, body.errors[0].field], [400, 'query.from'])
    assert.equal((await api.as('viewer').get('/api/anomalies?kind=laziness')).status, 400)
  })
})
