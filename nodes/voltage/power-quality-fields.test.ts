import assert from 'node:assert/strict'
import { classOf, indicatorCsv, shownEvent, shownIndicator, vtcdCsv } from './power-quality-fields.ts'
import { vtcdRules } from './domain/vtcd.ts'
import type { VtcdEvent } from './power-quality-repository.ts'

const rule = vtcdRules[0]!.value
const event: VtcdEvent = {
  ...{ deviceKey: 7, deviceId: 'm-1', eventId: 'e-1', at: Date.UTC(2026, 10, 21), unitId: null, feederId: null },
  ...{ phases: 'A', magnitudePu: 0.5, durationS: 1, cause: null, quality: 'good' },
}

describe('power quality as it is shown', () => {
  it('an event has the class of its depth and duration, or says why it has none', () => {
    assert.equal(classOf(event, rule), 'AMT')
    assert.equal(classOf({ ...event, durationS: 200 }, rule), 'none')
    assert.equal(classOf({ ...event, durationS: null }, rule), 'unknown')
    assert.equal(classOf({ ...event, magnitudePu: null }, rule), 'unknown')
  })

  it('an event has every column of its list, and its number inside nowhere', () => {
    const shown = shownEvent(event, rule)
    for (const { name } of vtcdCsv) assert.ok(name in shown, name)
    assert.ok(!('deviceKey' in shown))
  })

  it('an indicator is shown to millionths, by phase', () => {
    const shown = shownIndicator({
      ...{ indicator: 'dtt', unit: '%', value: 1 / 3, phase: 'B', byPhase: { B: 1 / 3 }, windows: 1, complete: false },
      ...{ limit: 10, violated: false, rule: { validFrom: '2008-01-01', source: 'PRODIST' } },
    })
    assert.deepEqual([shown.value95, shown.byPhase], [0.333333, { B: 0.333333 }])
    const column = indicatorCsv.find(({ name }) => name === 'value95_b')
    assert.equal(column?.value?.(shown), 0.333333)
  })
})
