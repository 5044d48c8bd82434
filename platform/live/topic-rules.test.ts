import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { LiveCommand } from '../wire/live-command.ts'
import type { LiveDevice, LiveInterruption } from '../wire/live.ts'
import { withoutControl, withoutReason, withoutServices, withoutUse } from './topic-rules.ts'

const device = (kind: LiveDevice['kind'], ofUnit: boolean, values: LiveDevice['values']): LiveDevice => ({
  ...{ deviceId: 'd-1', kind, type: kind, feederId: 'f-1', priority: null, ofUnit },
  ...{ at: '2026-11-21T12:00:00.000Z', receivedAt: '2026-11-21T12:00:01.000Z', quality: 'good', powerKw: 2.4, values },
})

describe('what those see who may not see what is personal', () => {
  it('a unit’s meter: the voltage of the network, not what its unit consumes', () => {
    const seen = withoutUse(
      device('meter', true, { va_v: 127, frequency_hz: 60, p_kw: 2.4, q_kvar: 0.3, ia_a: 19, contact: 'closed' }),
    )
    assert.deepEqual([seen.powerKw, seen.values], [null, { va_v: 127, frequency_hz: 60 }])
  })

  it('a charge point: its power, not the car at it', () => {
    const { powerKw, values } = withoutUse(device('der', false, { p_actual_kw: 2.4, plugged_in: 'yes' }))
    assert.deepEqual([powerKw, values], [2.4, { p_actual_kw: 2.4 }])
  })

  it('everything else in full', () => {
    for (const kind of ['der', 'panel', 'switch', 'meter'] as const) {
      const whole = device(kind, false, { p_kw: 2.4 })
      assert.equal(withoutUse(whole), whole)
    }
  })

  it('an interruption, without whose life depends on supply', () => {
    const interruption = {
      interruptionId: 7,
      outlook: { rank: 1, tier: 'life_support', services: { life_support: 1 } },
    }
    const seen = withoutServices(interruption as unknown as LiveInterruption)
    assert.deepEqual(seen, { interruptionId: 7, outlook: { rank: 1, tier: null, services: null } })
    const ended = { interruptionId: 7, outlook: null } as LiveInterruption
    assert.equal(withoutServices(ended), ended)
  })
  it('a command to a unit’s meter, without why', () => {
    const given = {
      commandId: 'c-1',
      args: { reason: 'non_payment' },
      reason: 'owes',
      stateReason: 'owes',
      ofUnit: true,
    }
    const command = given as unknown as LiveCommand
    assert.deepEqual(withoutReason(command), { ...command, args: {}, reason: null, stateReason: null })
    const other = { ...command, ofUnit: false }
    assert.equal(withoutReason(other), other)
  })

  it('what a unit’s meter is told, without how much', () => {
    const share = {
      ...{ at: '2026-11-21T12:00:00.000Z', powerKw: 2, deficitKw: 1, binding: 'feeder' as const },
      ...{ limitFeederId: 'f-1', limitSource: 'registry' },
    }
    const control = { deviceId: 'd-1', feederId: 'f-1', ofUnit: true, setpointKw: 2, expiresAt: share.at, share }
    assert.deepEqual(withoutControl(control), { ...control, setpointKw: null, expiresAt: null, share: null })
    const other = { ...control, ofUnit: false }
    assert.equal(withoutControl(other), other)
  })
})
