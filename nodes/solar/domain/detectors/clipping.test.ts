import assert from 'node:assert/strict'
import { clipping, rememberOutput, type Output } from './clipping.ts'
import { viewOf } from './site-days.fixture.ts'
import { commonPanel } from './slow-loss.ts'
import type { PanelView } from './panel-view.ts'

/** A morning up to noon, of which a ceiling takes what is above it; the view of the last slot, and what is remembered. */
function morning(given: (wantedW: number) => number, voltage = 1.06): [PanelView, Output] {
  let output: Output = []
  let view = viewOf()
  for (let index = 0; index <= 48; index++) {
    const wantedW = 380 * Math.sin((Math.PI * (24 + index)) / 144)
    const powerW = given(wantedW)
    view = viewOf(
      { wantedW, power: powerW / wantedW, voltage: powerW < wantedW ? voltage : 1 },
      { powerW, highestW: powerW * 1.002 },
    )
    output = rememberOutput(output, view)
  }
  return [view, output]
}
const judged = ([view, output]: [PanelView, Output]) => clipping(view, output, commonPanel, null)

describe('a ceiling', () => {
  it('is flat while the sun climbs, with what should be below it', () => {
    const verdict = judged(morning((wantedW) => Math.min(250, wantedW)))
    assert.equal(verdict.says, 'holds')
    assert.ok(verdict.says === 'holds' && Math.abs(verdict.findings[0]!.value - 250) < 3)
  })

  it('is none where the panel follows the sun, well or not', () => {
    assert.equal(judged(morning((wantedW) => wantedW)).says, 'clear')
    assert.notEqual(judged(morning((wantedW) => 0.7 * wantedW)).says, 'holds')
  })

  it('lifts the voltage: a sensor that is stuck does not', () =>
    assert.equal(judged(morning((wantedW) => Math.min(250, wantedW), 1)).says, 'clear'))

  it('is over when the panel gives more than it, not when evening comes', () => {
    const said = {
      severity: 'low',
      evidence: [{ feature: 'power_w', value: 250, expected: 380, unit: 'W', since: 0 }],
    } as const
    const [, output] = morning((wantedW) => Math.min(250, wantedW))
    const after = (powerW: number) =>
      clipping(viewOf({ wantedW: powerW, power: 1 }, { powerW }), output, commonPanel, said).says
    assert.deepEqual([after(120), after(251), after(300)], ['unknown', 'unknown', 'clear'])
  })

  it('of the inverter, which is known, is none', () => {
    const [view, output] = morning((wantedW) => Math.min(250, wantedW))
    assert.equal(
      clipping({ ...view, expected: { ...view.expected!, isClipped: true } }, output, commonPanel, null).says,
      'unknown',
    )
  })
})
