import assert from 'node:assert/strict'
import { anomalyWords, detailsOf, recommendationOf } from './anomaly-words.ts'
import { anomalyKinds, type Evidence } from './detectors/anomaly.ts'

const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  ...{ feature: 'power_w', value: 3.126, expected: 250.4, unit: 'W', since: 0 },
  ...more,
})

describe('an anomaly in words', () => {
  it('has the figures that show it best, in both languages', () =>
    assert.deepEqual(detailsOf({ kind: 'zero_output', evidence: [evidence()] }), {
      en: 'no output in daylight, power 3.13 W (250 W expected)',
      pt: 'sem geração à luz do dia, potência 3,13 W (esperado 250 W)',
    }))

  it('shows a ratio in percent, a share a day too', () => {
    const ratio = evidence({ feature: 'power_ratio', value: 0.874, expected: 1, unit: '1' })
    const daily = evidence({ feature: 'loss_per_day', value: 0.004, expected: null, unit: '1/d' })
    assert.equal(
      detailsOf({ kind: 'soiling', evidence: [ratio, daily] }).en,
      'soiling, power against what is expected 87 % (100 % expected), loss per day 0.4 %/d',
    )
  })

  it('names two figures at most, and none where there are none', () => {
    assert.equal(detailsOf({ kind: 'hot_spot', evidence: [] }).pt, 'ponto quente')
    const many = Array.from({ length: 5 }, () => evidence({ expected: null }))
    assert.equal(detailsOf({ kind: 'hot_spot', evidence: many }).en, 'a hot spot, power 3.13 W, power 3.13 W')
  })

  it('says what is to be done, most telling first', () =>
    assert.deepEqual(recommendationOf({ recommendations: ['clean', 'schedule-inspection'] }), {
      en: 'Clean the panel. Schedule an inspection',
      pt: 'Limpar o painel. Agendar uma inspeção',
    }))

  it('calls each kind by its own name', () => {
    for (const language of ['en', 'pt'] as const)
      assert.equal(new Set(anomalyKinds.map((kind) => anomalyWords[kind][language])).size, anomalyKinds.length)
  })
})
