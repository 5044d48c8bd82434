import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { performanceAlert, type Alert } from './performance-alert.ts'

const words = (text: string) => ({ en: text, pt: `${text} (pt)` })
const alert = (more: Partial<Alert> = {}): Alert => ({
  ...{ alarmId: 1, occurrence: 1, area: 'solar', kind: 'panel-loss', subject: 'p-1', feederId: null, unitId: null },
  ...{ deviceId: 'p-1', why: 'activated', priority: 'medium', beganAt: 0, at: 60_000, annunciated: true },
  ...{ rootAlarmId: null, returnedAt: null, acknowledgedAt: null, acknowledgedBy: null, value: null, limit: null },
  ...{ unit: null, state: 'B' },
  text: {
    message: 'solar.panel-loss',
    parameters: { panel: 'p-1', anomaly: 'soiling', details: words('dirt'), recommendation: words('clean it') },
  },
  evidence: { alertType: 'performance_anomaly', anomalies: [{ kind: 'soiling' }] },
  ...more,
})

describe('an alert about a solar panel', () => {
  it('says what is amiss with which panel, how grave it is, what shows it and what is to be done', () =>
    assert.deepEqual(performanceAlert(alert()), {
      ...{ panel_id: 'p-1', timestamp: '1970-01-01T00:00:00.000Z', alert_type: 'performance_anomaly' },
      ...{ severity: 'medium', anomaly_kind: 'soiling', details: words('dirt'), recommendation: words('clean it') },
      evidence: [{ kind: 'soiling' }],
    }))

  it('has evidence only of what was said last', () =>
    assert.equal(performanceAlert(alert({ evidence: null })).evidence, null))

  it('is of a whole plant where it names no panel', () =>
    assert.equal(performanceAlert(alert({ deviceId: null })).panel_id, null))

  it('is none of anything else, nor of a solar condition that says nothing of it', () => {
    assert.deepEqual(performanceAlert(alert({ area: 'voltage' })), {})
    assert.deepEqual(performanceAlert(alert({ text: { message: 'solar.mine', parameters: { details: 'x' } } })), {})
  })
})
