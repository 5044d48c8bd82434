import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { conditionKinds } from '../../../platform/wire/condition-kinds.ts'
import { anomalyKinds } from '../domain/detectors/anomaly.ts'
import { anomalyMessages } from './anomaly-message.ts'
import { isSolarNews, solarConditions, solarNormal, type LastingAnomaly } from './solar-conditions.ts'

const anomaly = (more: Partial<LastingAnomaly> = {}): LastingAnomaly => ({
  ...{ siteId: 'roof', panelId: 'p-1', panelIds: ['p-1'], kind: 'soiling', since: 60_000, severity: 'low' },
  evidence: [{ feature: 'power_ratio', value: 0.874, expected: 1, unit: '1', since: 60_000 }],
  ...{ recommendations: ['clean'], feederId: 'f-1' },
  ...more,
})

describe('what operators are told of panels', () => {
  it('is one condition of what asks the same of them, as grave as the gravest', () => {
    const holding = solarConditions([
      anomaly(),
      anomaly({ kind: 'shading', severity: 'medium', since: 120_000 }),
      anomaly({ kind: 'hot_panel' }),
    ])
    assert.deepEqual(
      holding.map(({ key, priority, at }) => [key, priority, at]),
      [
        ['solar/panel-loss/p-1', 'medium', 120_000],
        ['solar/panel-hot/p-1', 'low', 60_000],
      ],
    )
    const { text, deviceId, feederId, value, limit, unit, evidence } = holding[0]!
    assert.deepEqual([deviceId, feederId, value, limit, unit], ['p-1', 'f-1', 0.87, 1, '1'])
    assert.deepEqual(text.parameters['recommendation'], { en: 'Clean the panel', pt: 'Limpar o painel' })
    assert.deepEqual(
      (evidence!['anomalies'] as { kind: string }[]).map(({ kind }) => kind),
      ['shading', 'soiling'],
    )
  })

  it('is of the plant where all of it is concerned, and of the panel that is one', () => {
    const of = (siteId: string) =>
      solarConditions([anomaly({ siteId, panelId: null, panelIds: ['p-1', 'p-2'], kind: 'inverter_trip' })])[0]!
    assert.deepEqual([of('roof').key, of('roof').deviceId], ['solar/plant-out/roof', undefined])
    assert.equal(of('roof').text.parameters['panels'], 2)
    assert.equal(of('panel/p-1').subject, 'p-1')
  })

  it('has a condition for each kind, and texts that fit', () => {
    const long = anomaly({ recommendations: Array.from({ length: 12 }, () => 'check-cooling' as const) })
    for (const kind of anomalyKinds) {
      const [condition] = solarConditions([{ ...long, kind }])
      assert.ok((conditionKinds.solar as readonly string[]).includes(condition!.kind))
      const { en, pt } = condition!.text.parameters['recommendation'] as { en: string; pt: string }
      assert.ok(en.length <= 200 && pt.length <= 200)
    }
  })

  it('is said again when it is graver or another anomaly, and taken back when it is over', () => {
    const [said] = solarConditions([anomaly()])
    const [more] = solarConditions([anomaly({ since: 120_000 })])
    assert.equal(isSolarNews(more!, said!), false)
    assert.ok(isSolarNews(solarConditions([anomaly({ severity: 'high' })])[0]!, said!))
    assert.ok(isSolarNews(solarConditions([anomaly({ kind: 'shading' })])[0]!, said!))
    const over = solarNormal(said!, 600_000)
    assert.deepEqual([over.state, over.at, over.text.message, over.value, over.evidence], ['normal', 600_000, 'solar.panel-well', undefined, undefined]) // prettier-ignore
  })

  it('comes as messages too, with what shows it', () => {
    const changes = Array.from({ length: 501 }, () => ({ change: 'begun' as const, at: 300_000, anomaly: anomaly() }))
    const messages = [...anomalyMessages(changes)]
    assert.deepEqual(
      messages.map(({ payload }) => payload.length),
      [500, 1],
    )
    const [first] = messages[0]!.payload
    assert.deepEqual(
      [first!.panel_id, first!.site_id, first!.alert_type, first!.timestamp, first!.since, first!.change],
      ['p-1', 'roof', 'performance_anomaly', '1970-01-01T00:05:00.000Z', '1970-01-01T00:01:00.000Z', 'begun'],
    )
    assert.equal(first!.evidence[0]!.since, '1970-01-01T00:01:00.000Z')
  })
})
