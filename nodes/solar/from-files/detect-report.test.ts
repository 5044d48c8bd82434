import assert from 'node:assert/strict'
import type { Anomaly } from '../domain/detectors/anomaly.ts'
import { detectReport, type DetectResult } from './detect-report.ts'

const since = Date.UTC(2026, 0, 5, 12)
const anomaly: Anomaly = {
  ...{ siteId: 'file', panelId: 'p-2', panelIds: ['p-2'], kind: 'zero_output', since, severity: 'high' },
  ...{ evidence: [], recommendations: ['check-connections'] },
}
const result: DetectResult = {
  findings: {
    ...{
      slots: 12_000,
      panels: ['p-1', 'p-2'],
      from: since,
      to: since,
      expected: { measured: 9_000, siblings: 0, 'clear-sky': 0 },
    },
    anomalies: [{ anomaly, foundAt: since + 900_000, endedAt: null }],
  },
  forestSamples: 4_321,
  score: null,
}
const score = { labelled: 3, called: 2, found: 1, precision: 0.5, recall: 1 / 3, f1: 0.4 }

describe('the report on a file', () => {
  it('tells what was read and what is amiss, in either language', () => {
    const en = detectReport(result, 'en')
    assert.match(
      en,
      /^12,000 slots of 5 minutes of 2 panels\.\nOf 3,000 nobody knows what to expect: give --site-latitude/,
    )
    assert.match(en, /grown from 4,321 healthy samples/)
    assert.match(en, /2026-01-05 12:00 +lasts +p-2 +high +no output in daylight +Check connectors/)
    const pt = detectReport(result, 'pt')
    assert.match(pt, /continua +p-2 +alta +sem geração à luz do dia/)
  })

  it('has scores of all and by kind', () => {
    const byKind = [{ label: 'soiling', kind: 'soiling' as const, slots: score, events: { ...score, precision: null } }]
    const said = detectReport({ ...result, score: { judged: 10, slots: score, events: score, byKind } }, 'en')
    assert.match(said, /slots +3 +2 +1 +0\.500 +0\.333 +0\.400/)
    assert.match(said, /soiling, events +3 +2 +1 +– +0\.333/)
  })

  it('says where nothing is amiss, and where there is no forest', () => {
    const findings = { ...result.findings, anomalies: [], expected: { measured: 12_000, siblings: 0, 'clear-sky': 0 } }
    const said = detectReport({ findings, forestSamples: null, score: null }, 'en')
    assert.equal(
      said,
      '12,000 slots of 5 minutes of 2 panels.\nNo isolation forest: the rules alone.\n\nNothing is amiss.\n\n',
    )
  })
})
