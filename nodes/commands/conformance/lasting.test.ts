import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { FixtureDevice } from './device.fixture.ts'
import { lastWill, restart } from './lasting.ts'

describe('what outlasts a connection', () => {
  it('is not tried where nobody asks for it', async () => {
    const device = new FixtureDevice()
    assert.equal((await restart(device.talk(), false, true)).verdict, 'untried')
    assert.equal((await lastWill(device.talk(), undefined)).verdict, 'untried')
    device.stop()
  })

  it('is the ledger over a restart, if there is one', async () => {
    const device = new FixtureDevice()
    assert.equal((await restart(device.talk(), true, true)).text, 'goes offline, comes back, and has kept its ledger')
    assert.equal((await restart(device.talk(), true, false)).text, 'goes offline, and comes back')
    device.stop()
  })

  it('is a Last Will: the broker says that it is offline once somebody has cut it off', async () => {
    const device = new FixtureDevice()
    const said = (status: string) =>
      device.hearing.hear({ kind: 'status', payload: JSON.stringify({ status }), qos: 1, retained: false, at: 0 })
    const asked: string[] = []
    const cut = (line: string) => {
      asked.push(line)
      said('offline')
      said('online')
    }
    assert.equal((await lastWill(device.talk(), cut)).verdict, 'ok')
    assert.match(asked[0]!, /^cut the connection of bat-1 now/)
    device.stop()
  })
})
