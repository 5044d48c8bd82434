import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { LiveSolarPanel } from './live-solar.ts'

describe('a solar panel on the live stream', () => {
  const panel = {
    ...{ panelId: 'panel-1', siteId: null, feederId: 'f-1', day: '2026-11-21', isFinal: false },
    ...{ energyKwh: 1.4, expectedKwh: 1.6, lostKwh: 0.2 },
    ...{ performanceIndex: 0.88, performanceRatio: null, correctedRatio: null },
    anomalies: [
      { kind: 'shading', severity: 'low', since: '2026-11-21T12:00:00.000Z', details: { en: 'shaded', pt: 'sombra' } },
    ],
  }
  const check = new Ajv({ formats: { 'date-time': true } }).compile(LiveSolarPanel)

  it('has its day and what is amiss with it', () => {
    assert.ok(check(panel), JSON.stringify(check.errors))
    assert.ok(check({ ...panel, day: null, anomalies: [] }), JSON.stringify(check.errors))
  })

  it('is not graver than critical', () =>
    assert.ok(!check({ ...panel, anomalies: [{ ...panel.anomalies[0], severity: 'deadly' }] })))
})
