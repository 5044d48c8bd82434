import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { consoleReport } from './console-report.ts'
import type { Run } from './measure.fixture.ts'

const run = (perSecond: number, p50: number, p99: number): Run => ({
  asked: { shape: 'singles', perSecond: 5_000, seconds: 45, devices: 5_000 },
  ...{ published: 225_000, perSecond, lost: 0, tailSeconds: 0.1, followSeconds: 1, loadCores: 0.2, peakMb: 300 },
  latency: { p50, p99, samples: 1_000 },
  cpu: { nodeRed: 20, database: 20, broker: 12 },
})
const operator = {
  ...{ interactions: 412, p50: 24, p95: 88, longestMs: 208, longest: '/dashboard/feeders pointerup Devices' },
  ...{ startMb: 21.4, mostMb: 24.5, endMb: 21.9, mbPerMinute: 0.04, complaints: [] },
}

describe('the report on the console', () => {
  const text = consoleReport({
    ...{ devices: 5_000, minutes: 10 },
    quiet: { emptyMs: 410, overviewMs: 700 },
    loaded: { emptyMs: 900, overviewMs: 2_100 },
    rows: [{ run: run(5_000, 10, 40) }, { run: run(4_950, 12, 60), operator }, { run: run(5_000, 14, 60) }],
  }).join('\n')

  it('sets the ingest with it against that without', () => {
    assert.match(text, /5,000 readings\/s of 5,000 devices, without it open and with it for 10 minutes/)
    assert.match(text, /with the console open +4,950 +0 +12 +60 +20\.0 +20\.0 +300/)
    assert.match(text, /0\.990 +1\.00 +1\.20 +1\.00/)
  })

  it('says how soon the overview shows something, beside an empty page', () => {
    assert.match(text, /nothing else +410 +700 +290/)
    assert.match(text, /under load +900 +2,100 +1,200/)
  })

  it('says how the browser fared', () => {
    assert.match(text, /412 +24 +88 +208 +21\.4 +24\.5 +21\.9 +0\.04/)
    assert.match(text, /longest: \/dashboard\/feeders pointerup Devices/)
  })
})
