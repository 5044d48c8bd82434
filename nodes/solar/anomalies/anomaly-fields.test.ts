import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { anomalyFields, AnomalySchema, shownAnomaly } from './anomaly-fields.ts'
import type { KeptAnomaly } from './anomaly-repository.ts'

const began = Date.parse('2026-06-10T13:00:00Z')
const kept = (more: Partial<KeptAnomaly> = {}): KeptAnomaly => ({
  ...{ anomalyId: 7, siteId: 'roof', panelId: 'p-1', panelIds: ['p-1'], kind: 'soiling', severity: 'low' },
  ...{ since: began, foundAt: began + 300_000, changedAt: began + 600_000, endedAt: null },
  evidence: [
    { feature: 'power_ratio', value: 0.1 + 0.2, expected: 1, unit: '1', since: began },
    { feature: 'temperature_c', value: 61.25, expected: null, unit: '°C', since: began + 300_000 },
  ],
  recommendations: ['clean', 'check-sensor'],
  ...more,
})

describe('an anomaly, as the API shows it', () => {
  it('says what is amiss and what to do in both languages, in the figures of each', () => {
    const { details, recommendation } = shownAnomaly(
      kept({ evidence: [{ feature: 'loss_per_day', value: 0.0125, expected: 0.002, unit: '1/d', since: began }] }),
    )
    assert.deepEqual(details, {
      en: 'soiling, loss per day 1.25 %/d (0.2 %/d expected)',
      pt: 'sujeira, perda por dia 1,25 %/d (esperado 0,2 %/d)',
    })
    assert.deepEqual(recommendation, {
      en: 'Clean the panel. Check the sensor and its wiring',
      pt: 'Limpar o painel. Verificar o sensor e sua fiação',
    })
  })

  it('has what shows it in its units, and nothing expected where that makes no sense', () => {
    assert.deepEqual(shownAnomaly(kept()).evidence, [
      { feature: 'power_ratio', value: 0.3, expected: 1, unit: '1', since: '2026-06-10T13:00:00.000Z' },
      { feature: 'temperature_c', value: 61.25, expected: null, unit: '°C', since: '2026-06-10T13:05:00.000Z' },
    ])
  })

  it('has its instants in UTC, and no end while it lasts', () => {
    const { timestamp, found_at, changed_at, ended_at } = shownAnomaly(kept())
    assert.deepEqual(
      [timestamp, found_at, changed_at, ended_at],
      ['2026-06-10T13:00:00.000Z', '2026-06-10T13:05:00.000Z', '2026-06-10T13:10:00.000Z', null],
    )
    assert.equal(shownAnomaly(kept({ endedAt: began + 3_600_000 })).ended_at, '2026-06-10T14:00:00.000Z')
    // The first instant there is, and no absence.
    assert.equal(shownAnomaly(kept({ endedAt: 0 })).ended_at, '1970-01-01T00:00:00.000Z')
  })

  it('has no panel where it is of the whole site, and no site where the panel has none', () => {
    const trip = shownAnomaly(kept({ panelId: null, panelIds: ['p-1', 'p-2'], kind: 'inverter_trip' }))
    assert.deepEqual([trip.panel_id, trip.site_id, trip.panel_ids], [null, 'roof', ['p-1', 'p-2']])
    const alone = shownAnomaly(kept({ siteId: 'panel/p-1' }))
    assert.deepEqual([alone.panel_id, alone.site_id], ['p-1', null])
  })

  it('has words of its kind even where nothing shows it and nothing is to be done', () => {
    const { details, recommendation, evidence } = shownAnomaly(kept({ evidence: [], recommendations: [] }))
    assert.deepEqual([details, recommendation, evidence], [{ en: 'soiling', pt: 'sujeira' }, { en: '', pt: '' }, []])
  })

  it('has the fields that are described, and no other', () => {
    assert.deepEqual(Object.keys(shownAnomaly(kept())).toSorted(), Object.keys(AnomalySchema.properties).toSorted())
    const lists = ['panel_ids', 'details', 'recommendation', 'evidence']
    assert.deepEqual(
      Object.keys(AnomalySchema.properties).filter((name) => !(name in anomalyFields)),
      lists,
    )
    const [one] = shownAnomaly(kept()).evidence
    assert.deepEqual(
      Object.keys(one!).toSorted(),
      Object.keys(AnomalySchema.properties.evidence.items.properties).toSorted(),
    )
  })
})
