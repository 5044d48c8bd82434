import assert from 'node:assert/strict'
import type { Call } from '../solar-year/call.ts'
import { faultsOf, report, type Week } from './report.ts'

const hourMs = 3_600_000
const call: Call = { panelId: 'a', kind: 'zero_output', since: 0, foundAt: 2 * hourMs, endedAt: 4 * hourMs }
const week: Week = {
  seed: 11,
  seen: {
    labels: [{ panelId: 'a', kind: 'zero_output', from: hourMs, to: 4 * hourMs, episode: 1 }],
    ...{ calls: [call], from: 0, to: 168 * hourMs, panels: 2 },
  },
  ...{ sent: 1_209_600, stored: 1_209_600, quarantined: {}, machineMs: 600_000 },
}

describe('the report on a week of a plant', () => {
  it('tells what was sent and stored, and how good the flow was', () => {
    const text = report(week)
    assert.match(
      text,
      /^168 h of 2 panels in 10\.0 min: 1209600 readings sent, 1209600 stored,\nin quarantine none; 2016 a second\n/,
    )
    assert.match(text, /zero_output +1 +1 +0 +0 +1\.000/)
    assert.deepEqual(faultsOf(week), [])
  })

  it('names what must not be', () => {
    const seen = { ...week.seen, calls: [{ ...call, panelId: 'b' }] }
    assert.deepEqual(faultsOf({ ...week, seen, stored: 1_209_598, quarantined: { out_of_range: 1 } }), [
      '1209600 readings were sent, 1209599 are stored or in quarantine',
      'zero_output of 1 panels was not found',
      '1 calls of panels that had nothing',
    ])
  })
})
