import assert from 'node:assert/strict'
import type { LiveSolarPanel } from '../../../../../platform/wire/live-solar.ts'
import { plantsOf } from './plants.ts'

const panel = (panelId: string, more: Partial<LiveSolarPanel> = {}): LiveSolarPanel => ({
  ...{ panelId, siteId: 'roof', feederId: 'f-1', day: '2026-11-21', isFinal: false },
  ...{
    energyKwh: 1,
    expectedKwh: 1.5,
    lostKwh: 0.5,
    performanceIndex: 0.7,
    performanceRatio: 0.8,
    correctedRatio: 0.9,
  },
  ...{ anomalies: [], ...more },
})
const anomaly = (kind: string, severity: 'low' | 'medium' | 'high' | 'critical') => ({
  ...{ kind, severity, since: '2026-11-21T12:00:00.000Z', details: { en: 'x', pt: 'x' } },
})

describe('plants as their panels tell of them', () => {
  it('are the panels of a site together, and each panel without one', () => {
    const plants = plantsOf([panel('p-1'), panel('p-2'), panel('lone', { siteId: null, lostKwh: 0.1 })])
    assert.deepEqual(
      plants.map(({ plantId, siteId, panels, energyKwh }) => [plantId, siteId, panels, energyKwh]),
      [
        ['roof', 'roof', 2, 2],
        ['lone', null, 1, 1],
      ],
    )
  })

  it('count of panels only what they tell of the newest day', () => {
    const [roof] = plantsOf([
      panel('p-1'),
      panel('p-2', { day: '2026-11-20', energyKwh: 9 }),
      panel('p-3', { day: null }),
    ])
    assert.deepEqual([roof!.day, roof!.energyKwh, roof!.panels], ['2026-11-21', 1, 3])
    assert.deepEqual(
      plantsOf([panel('p-1', { day: null })]).map(({ day, energyKwh }) => [day, energyKwh]),
      [[null, 0]],
    )
  })

  it('come with what is amiss first, the gravest first, then with what they lose', () => {
    const trip = anomaly('inverter_trip', 'critical')
    const plants = plantsOf([
      panel('p-1', { siteId: 'well', lostKwh: 9 }),
      panel('p-2', { siteId: 'tripped', anomalies: [trip] }),
      panel('p-3', { siteId: 'tripped', anomalies: [trip, anomaly('hot_spot', 'high')] }),
      panel('p-4', { siteId: 'dirty', anomalies: [anomaly('soiling', 'low')] }),
      panel('p-5', { siteId: 'dirty', anomalies: [anomaly('soiling', 'medium')] }),
    ])
    assert.deepEqual(
      plants.map(({ plantId, amiss, severity }) => [plantId, amiss, severity]),
      [
        ['tripped', 2, 'critical'],
        ['dirty', 2, 'medium'],
        ['well', 0, null],
      ],
    )
  })
})
