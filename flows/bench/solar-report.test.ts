import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Run } from './measure.fixture.ts'
import type { SolarRow } from './solar-figures.ts'
import { solarRatios, solarReport } from './solar-report.ts'

const run = (perSecond: number, p50: number, p99: number): Run => ({
  asked: { shape: 'singles', perSecond: 5_000, seconds: 15 },
  ...{ published: 75_000, perSecond, lost: 0, tailSeconds: 0.1, followSeconds: 1, loadCores: 0.2, peakMb: 300 },
  latency: { p50, p99, samples: 1_000 },
  cpu: { nodeRed: 20, database: 20, broker: 12 },
})
const scoring = { asked: 75_000, scored: 74_000, perSecond: 4_933, p50: 31, p99: 62, mainShare: 0.0042 }
const rows: SolarRow[] = [
  { run: run(5_000, 10, 40), cores: 0.4 },
  { run: run(4_950, 12, 60), cores: 0.75, scoring },
  { run: run(5_000, 14, 60), cores: 0.6 },
]

describe('the report on solar panels', () => {
  it('sets the ingest with scoring against that without', () =>
    assert.deepEqual(solarRatios(rows), { rate: 0.99, p50: 1, p99: 1.2, moreCores: 0.25 }))

  it('says how scoring fared, and what growing a forest takes', () => {
    const text = solarReport({ training: { samples: 20_000, ms: 650, bytes: 310_000 }, rows }).join('\n')
    assert.match(text, /5,000 readings\/s taken in/)
    assert.match(text, /with scoring +4,950 +0 +12 +60 +0\.75 +4,933 +1,000 +31 +62 +0\.42/)
    assert.match(text, /without +5,000 +0 +10 +40 +0\.40 +– +– +– +– +–/)
    assert.match(text, /0\.990 +1\.00 +1\.20 +0\.25/)
    assert.match(text, /of 20,000 samples: 650 ms, 310 kB/)
  })
})
