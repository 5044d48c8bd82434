import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Figures, Way } from './figures.ts'
import type { Run } from './measure.fixture.ts'
import { report } from './report.ts'

const ours: Way = { id: 'ours', name: 'Linha Viva', latencyTo: 'its commit', isOurs: true }
const stock: Way = { id: 'stock', name: 'stock', latencyTo: 'the insert', isOurs: false }

const run = (perSecond: number, nodeRed: number, lost = 0): Run => ({
  asked: { shape: 'singles', perSecond, seconds: 30 },
  ...{ published: perSecond * 30, perSecond, lost, tailSeconds: 0.1, followSeconds: 1, loadCores: 0.2, peakMb: 300 },
  latency: { p50: 15, p99: 40, samples: 1_000 },
  cpu: { nodeRed, database: 20, broker: 12 },
})
const none: Figures = {
  machine: { machine: '2 × x' },
  highest: [],
  paced: [],
  kills: [],
  live: [],
  storage: [],
  voltage: [],
  outages: [],
  alarms: [],
  commands: [],
  faults: [],
}

describe('the report', () => {
  it('sets ours against stock, of the same shape: rate and processor time', () => {
    const text = report({
      ...none,
      highest: [
        { way: ours, shape: 'singles', run: run(30_000, 16) },
        { way: stock, shape: 'singles', run: run(2_000, 160) },
        { way: stock, shape: 'arrays', run: run(9_000, 8) },
      ],
    })
    const ratio = text.split('\n').filter((line) => line.includes('Linha Viva to stock'))
    assert.equal(ratio.length, 1, text)
    assert.match(ratio[0]!, /one reading a message +15\.0 +10\.0 +1\.0$/)
    assert.match(text, /Linha Viva +30,000 +0 +15 +40 +16\.0/)
    assert.match(text, /p50, p99 of stock: from publishing to the insert/)
  })

  it('says why a row has nothing', () => {
    const absent = 'influxd 1 is not installed'
    assert.match(
      report({ ...none, highest: [{ way: stock, shape: 'singles', run: undefined, absent }] }),
      /stock +influxd 1/,
    )
  })

  it('tells what was lost at kill -9, what memory did, and what went wrong', () => {
    const soak = { perSecond: 15_000, minutes: 10, lost: 0, startMb: 300, mostMb: 350, endMb: 320, mbPerMinute: 0.25 }
    const kills = [{ way: stock, published: 5_000, lost: 1_234 }]
    const text = report({ ...none, kills, soak, faults: ['Linha Viva lost 3 readings'] })
    assert.match(text, /stock +1,234 +5,000/)
    assert.match(text, /over 10\.0 minutes at 15,000 readings\/s/)
    assert.match(text, /300 +350 +320 +0\.25 +0/)
    assert.match(text, /FAULT: Linha Viva lost 3 readings/)
  })

  it('sets the ingest with live clients against that without', () => {
    const row = { mostMb: 300, mostWaitingBytes: 123_400, droppedAfterS: undefined }
    const watched = { droppedAfterS: 14.2, delay: { p50: 480, p99: 1_100, samples: 9 }, gaps: 0, clientCores: 0.8 }
    const text = report({
      ...none,
      live: [
        { ...row, name: 'no clients', run: run(5_000, 20) },
        { ...row, name: '300', run: run(4_950, 30), ...watched },
        { ...row, name: 'no clients', run: run(5_000, 40) },
      ],
    })
    assert.match(text, /300 +4,950 +0 +15 +40 +30\.0 +300 +123\.4 +14\.2 +480 +1,100 +0 +0\.80/)
    assert.match(text, /  300 +0\.990 +1\.00 +1\.00/)
    assert.match(text, /no clients +5,000 .* – +– +–/)
  })

  it('names what voltage windows take', () => {
    const text = report({ ...none, voltage: [['  on disk', '125 bytes a window']] })
    assert.match(text, /^Voltage windows of ten minutes, a reading a minute\n {2}on disk +125 bytes a window$/m)
  })

  it('leaves out what was not measured', () => assert.equal(report(none), 'machine: 2 × x'))
})
