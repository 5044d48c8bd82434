import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { FixtureDevice } from './device.fixture.ts'
import { setpoint } from './steering.ts'

describe('a retained setpoint', () => {
  it('is not tried where nobody says which does no harm', async () => {
    const device = new FixtureDevice()
    assert.equal((await setpoint(device.talk(), undefined)).verdict, 'untried')
    device.stop()
  })

  it('is wrong where the device does not follow it', async () => {
    const device = new FixtureDevice({ reading: (body) => ({ ...body, p_actual_kw: 0, p_setpoint_kw: undefined }) })
    assert.equal((await setpoint(device.talk(), 3)).text, 'told 3 kW, it reports no such power')
    device.stop()
  })

  it('is followed where the power shows it, though the device does not say what it follows', async () => {
    const device = new FixtureDevice({ reading: (body) => ({ ...body, p_setpoint_kw: undefined }) })
    assert.equal((await setpoint(device.talk(), 3)).verdict, 'ok')
    device.stop()
  })
})
