import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { commandTypes } from '../../platform/wire/command.ts'
import { drawOf } from '../../simulator/draw.ts'
import { afterCommand, type Equipment, restingEquipment } from './equipment.ts'
import { drawDevices, drawWanted } from './plan.ts'

describe('the plan of a campaign', () => {
  it('has devices of every kind, with a ledger and without, in every mood', () => {
    const devices = drawDevices(1, 50)
    for (const kind of ['switch', 'meter', 'der'])
      for (const ledger of [true, false])
        assert.ok(
          devices.some((one) => one.kind === kind && one.capabilities.ledger === ledger),
          `${kind} ${ledger}`,
        )
    assert.equal(devices.filter(({ keepsLedger }) => keepsLedger).length, 35)
    assert.equal(new Set(devices.map(({ deviceId }) => deviceId)).size, 50)
    for (const capability of ['expiry', 'select', 'clock', 'signature'] as const)
      assert.equal(new Set(devices.map(({ capabilities }) => capabilities[capability])).size, 2, capability)
  })

  it('is the same with the same seed, and another with another', () => {
    assert.deepEqual(drawDevices(3, 20), drawDevices(3, 20))
    assert.notDeepEqual(drawDevices(3, 20), drawDevices(4, 20))
  })

  it('wants every type of command sooner or later, each making a difference', () => {
    const draw = drawOf(1, 'wishes')
    const seen = new Set<string>()
    for (const device of drawDevices(1, 50)) {
      let now: Equipment = restingEquipment
      for (let n = 0; n < 40; n++) {
        const wanted = drawWanted(device, now, draw)
        const next = afterCommand(now, wanted)
        assert.notDeepEqual(next, now, `${device.kind} ${JSON.stringify(now)}: ${JSON.stringify(wanted)}`)
        assert.ok(next.feedInKw >= 0 && next.feedInKw <= 10, JSON.stringify(wanted))
        now = next
        seen.add(wanted.type)
      }
    }
    assert.deepEqual(
      [...commandTypes].filter((type) => !seen.has(type)),
      [],
    )
  })

  it('lets commands without a ledger expire soon: nobody knows earlier what became of them (property)', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [device] = drawDevices(1, 10).filter(({ capabilities }) => !capabilities.ledger)
        const { expiresInSeconds } = drawWanted(device!, restingEquipment, drawOf(seed, 'x'))
        assert.ok(expiresInSeconds >= 7 && expiresInSeconds <= 23, String(expiresInSeconds))
      }),
    )
  })
})
