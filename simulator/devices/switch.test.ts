import assert from 'node:assert/strict'
import { drawOf } from '../draw.ts'
import { firstSwitch, stepSwitch, switchEvent, switchPayload, type SwitchSpec } from './switch.ts'

const tie: SwitchSpec = { id: 'sw-002', feederId: 'feeder-02', normally: 'open' }
const draw = drawOf(1, 'sw-002')

describe('the switch', () => {
  it('says its state at the start, on a change, and each minute', () => {
    let state = firstSwitch(tie)
    const said: number[] = []
    for (let second = 0; second < 200; second++) {
      const wanted = second < 90 ? 'open' : 'closed'
      state = stepSwitch(state, { at: second * 1000, wanted, loadAmperes: 2, draw })
      if (state.due) said.push(second)
      assert.equal(state.changed, second === 90)
    }
    assert.deepEqual(said, [0, 60, 90, 150])
  })

  it('carries current only while closed', () => {
    const open = stepSwitch(firstSwitch(tie), { at: 0, wanted: 'open', loadAmperes: 2, draw })
    assert.equal(switchPayload(tie, open, false).currents?.ia_a, 0)
    const closed = stepSwitch(open, { at: 1000, wanted: 'closed', loadAmperes: 2, draw })
    assert.ok(switchPayload(tie, closed, true).currents!.ia_a! > 1.9)
    assert.equal(switchPayload(tie, closed, true).reclose_blocked, true)
    assert.equal(switchEvent(tie, closed).type, 'switch_closed')
  })
})
