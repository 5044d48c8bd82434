import assert from 'node:assert/strict'
import type { VoltageIndicators } from './indicators.ts'
import { indicatorLines, windowLines } from './time-series.ts'
import type { VoltageWindow } from './windows.ts'

const start = Date.UTC(2026, 10, 21, 12)
const meter = { deviceKey: 7, deviceId: 'meter-7', unitId: 'unit 7', feederId: 'f-1' }
const window: VoltageWindow = {
  ...{ start, volts: [126.5, null, 108], coverage: 0.95, bands: ['adequate', null, 'critical'] },
}

describe('a window as points', () => {
  it('has one a phase with voltage, at its beginning, with the unit as a tag', () => {
    assert.deepEqual(windowLines(window, meter, 8), [
      `voltage_window,feeder=f-1,phase=A,unit=unit\\ 7 volts=126.5,coverage=0.95,band="adequate",valid=true ${start}000000`,
      `voltage_window,feeder=f-1,phase=C,unit=unit\\ 7 volts=108,coverage=0.95,band="critical",valid=true ${start}000000`,
    ])
  })

  it('says why it is invalid', () => {
    const invalid = {
      ...window,
      volts: [3, null, null],
      invalid: { reason: 'interruption', evidence: {} },
    } as VoltageWindow
    assert.match(windowLines(invalid, meter, 8)[0]!, /,valid=false,invalid_reason="interruption" /)
  })

  it('shares the series of its feeder where there are too many, and stays apart by its meter', () => {
    const [line] = windowLines(window, meter, 7)
    assert.equal(
      line,
      `voltage_window,feeder=f-1,phase=A unit_id="unit 7",volts=126.5,coverage=0.95,band="adequate",valid=true ${start}000007`,
    )
  })

  it('names the meter where there is no unit, and no feeder that is not known', () => {
    const [line] = windowLines(window, { ...meter, unitId: null, feederId: null }, 8)
    assert.match(line!, /^voltage_window,device=meter-7,phase=A volts=/)
  })
})

describe('indicators as a point', () => {
  const indicators: VoltageIndicators = {
    ...{ nlp: 13, nlc: 0, drpPct: 1.25, drcPct: 0 },
    nlpPhase: 'B',
    nlcPhase: null,
    ...{ drpViolated: false, drcViolated: false },
  }

  it('says whether it is indicative', () => {
    const at = start + 600_000
    assert.deepEqual(indicatorLines(indicators, { at, valid: 1_000, indicative: true }, meter, 8), [
      `voltage_indicator,feeder=f-1,indicative=true,unit=unit\\ 7 drp_pct=1.25,drc_pct=0,valid_windows=1000,drp_phase="B" ${at}000000`,
    ])
    assert.match(
      indicatorLines(indicators, { at, valid: 1_008, indicative: false }, meter, 8)[0]!,
      /,indicative=false,/,
    )
  })
})
