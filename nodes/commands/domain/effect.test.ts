import assert from 'node:assert/strict'
import type { CommandType } from '../../../platform/wire/command.ts'
import type { Command } from './command.ts'
import { aCommand, begun } from './command.fixture.ts'
import { evidenceOf, type Observed, type Seen } from './effect.ts'

const sentAt = begun + 1_000
const later = sentAt + 60_000

const commanded = (type: CommandType, args: Command['args'] = {}, executedAt: number | null = sentAt + 1): Command => ({
  ...aCommand({ plan: { needsVerification: true } }),
  ...{ type, args, state: executedAt === null ? 'unknown' : 'executed', firstDispatchedAt: sentAt, executedAt },
})
/** `true`: the effect. `false`: the contrary. `undefined`: nothing. */
const evidence = (command: Command, since: readonly Observed[], before?: Observed): boolean | undefined => {
  const event = evidenceOf(command, { before, since } satisfies Seen)
  return event?.kind === 'observed' ? event.effect : undefined
}

type Contact = Extract<Observed, { kind: 'meter' }>['contact']

const stands = (
  position: 'open' | 'closed' | 'intermediate',
  at = later,
  recloseBlocked: boolean | null = null,
): Observed => ({ kind: 'switch', at, position, recloseBlocked })
const measures = (
  volts: number,
  amperes: number,
  { intervalMs = 1_000, at = later, contact = null }: { intervalMs?: number; at?: number; contact?: Contact } = {},
): Observed => ({
  ...{ kind: 'meter', at, from: at - intervalMs, voltagesV: [volts, volts], currentsA: [0, amperes], contact },
})
/** A meter of which no current flows. */
const says = (contact: Contact, at = later): Observed => measures(127, 0, { contact, at })
const makes = (pActualKw: number, isPv = false, ratedKw: number | null = 10): Observed => ({
  ...{ kind: 'der', at: later, isPv, pActualKw, ratedKw },
})

describe('what is seen of a command', () => {
  it('is the position that a switch was told to take; none while it moves', () => {
    for (const [type, position] of [
      ['open', 'open'],
      ['trip', 'open'],
      ['close', 'closed'],
    ] as const) {
      const other = position === 'open' ? 'closed' : 'open'
      assert.equal(evidence(commanded(type), [stands(position)]), true, type)
      assert.equal(evidence(commanded(type), [stands(other)]), false, type)
      assert.equal(evidence(commanded(type), [stands('intermediate')]), undefined, type)
    }
  })

  it('is the effect once it was there, whatever came after; and the contrary by what is newest', () => {
    assert.equal(evidence(commanded('open'), [stands('open'), stands('closed', later + 1)]), true)
    assert.equal(evidence(commanded('open'), [stands('closed'), stands('intermediate', later + 1)]), false)
    assert.deepEqual(
      evidenceOf(commanded('open'), { before: undefined, since: [stands('open'), stands('open', later + 9)] }),
      {
        ...{ kind: 'observed', effect: true, at: later + 9 },
      },
    )
    assert.equal(evidence(commanded('open'), []), undefined)
  })

  it('is a change alone where the device has not said that it acted', () => {
    const silent = commanded('open', {}, null)
    assert.equal(evidence(silent, [stands('open')]), undefined)
    assert.equal(evidence(silent, [stands('open')], stands('open', begun)), undefined)
    assert.equal(evidence(silent, [stands('open')], stands('closed', begun)), true)
    assert.equal(evidence(silent, [stands('closed')], stands('open', begun)), false)
  })

  it('is whether reclosing is blocked, of a switch that says so', () => {
    assert.equal(evidence(commanded('block_reclose'), [stands('closed', later, true)]), true)
    assert.equal(evidence(commanded('block_reclose'), [stands('closed', later, false)]), false)
    assert.equal(evidence(commanded('unblock_reclose'), [stands('closed', later, false)]), true)
    assert.equal(evidence(commanded('block_reclose'), [stands('closed')]), undefined)
  })

  it('is current through a meter that was connected and none through one that was disconnected, where there is voltage', () => {
    const disconnect = commanded('disconnect', { reason: 'request' })
    assert.equal(evidence(disconnect, [measures(127, 0.01)]), true)
    assert.equal(evidence(disconnect, [measures(127, 0.3)]), false)
    assert.equal(evidence(disconnect, [measures(0, 0)]), undefined)
    assert.equal(evidence(commanded('connect'), [measures(127, 0.3)]), true)
    // A unit may draw nothing; but from nothing to something is a change.
    assert.equal(evidence(commanded('connect'), [measures(127, 0)]), undefined)
    const silent = commanded('connect', {}, null)
    assert.equal(evidence(silent, [measures(127, 0.3)], measures(127, 0, { at: begun })), true)
    assert.equal(evidence(silent, [measures(127, 0.3)], measures(0, 0, { at: begun })), undefined)
  })

  it('is nothing that a meter averaged from before the command on', () => {
    const disconnect = commanded('disconnect', { reason: 'request' })
    assert.equal(evidence(disconnect, [measures(127, 5, { intervalMs: 600_000 })]), undefined)
    assert.equal(evidence(disconnect, [measures(127, 0, { intervalMs: 60_000 })]), true)
    // Before it, the interval is what it is.
    const silent = commanded('disconnect', { reason: 'request' }, null)
    assert.equal(evidence(silent, [measures(127, 0)], measures(127, 5, { intervalMs: 600_000, at: begun })), true)
  })

  it('is the contact of a meter that says it, whatever it measures and over however long', () => {
    for (const [volts, amperes] of [
      [127, 0],
      [127, 5],
      [0, 0],
    ] as const) {
      const measured = `${volts} V, ${amperes} A`
      const told = (contact: Contact) => [measures(volts, amperes, { contact, intervalMs: 600_000 })]
      assert.equal(evidence(commanded('connect'), told('closed')), true, measured)
      assert.equal(evidence(commanded('connect'), told('open')), false, measured)
      const disconnect = commanded('disconnect', { reason: 'request' })
      assert.equal(evidence(disconnect, told('open')), true, measured)
      assert.equal(evidence(disconnect, told('closed')), false, measured)
    }
  })

  it('is nothing that a reading without contact and current shows, of a meter that says its contact in others', () => {
    const idle = measures(127, 0, { at: later + 9 })
    assert.deepEqual(evidenceOf(commanded('connect'), { before: undefined, since: [says('open'), idle] }), {
      ...{ kind: 'observed', effect: false, at: later },
    })
    assert.equal(evidence(commanded('connect'), [says('open'), measures(127, 5, { at: later + 9 })]), true)
    assert.equal(evidence(commanded('connect', {}, null), [says('closed'), idle]), undefined)
    assert.equal(evidence(commanded('disconnect', { reason: 'safety' }), [says('closed'), idle]), false)
  })

  it('is a contact that has moved where the meter has not said that it acted: a unit that drew nothing may have been connected', () => {
    const silent = commanded('connect', {}, null)
    assert.equal(evidence(silent, [says('closed')], says('open', begun)), true)
    assert.equal(evidence(silent, [says('closed')], says('closed', begun)), undefined)
    assert.equal(evidence(silent, [says('closed')], measures(127, 0, { at: begun })), undefined)
    assert.equal(evidence(silent, [measures(127, 3)], says('open', begun)), true)
    const off = commanded('disconnect', { reason: 'request' }, null)
    assert.equal(evidence(off, [says('open')], says('closed', begun)), true)
    assert.equal(evidence(off, [says('open')], measures(127, 3, { at: begun })), true)
    assert.equal(evidence(off, [says('open')], says('open', begun)), undefined)
    assert.equal(evidence(off, [measures(127, 0)], says('closed', begun)), undefined)
  })

  it('is the power that a battery was set to, within a twentieth of its rating', () => {
    const set = commanded('set_point', { p_setpoint_kw: -4 })
    assert.equal(evidence(set, [makes(-4.5)]), true)
    assert.equal(evidence(set, [makes(-4.6)]), false)
    assert.equal(evidence(set, [makes(-4.25, false, null)]), false)
    assert.equal(evidence(set, [makes(-4.15, false, null)]), true)
    assert.equal(evidence(commanded('set_point', { p_setpoint_kw: 0 }), [makes(0.1, false, null)]), true)
  })

  it('is no more power than a pv was set to: the sun may give less', () => {
    const set = commanded('set_point', { p_setpoint_kw: 4 })
    assert.equal(evidence(set, [makes(-2, true)]), true)
    assert.equal(evidence(set, [makes(-4.5, true)]), true)
    assert.equal(evidence(set, [makes(-4.6, true)]), false)
  })

  it('is power within the limit: of what is fed in where it was curtailed, else in either direction', () => {
    const curtailed = commanded('curtail', { p_limit_kw: 2, duration_s: 900 })
    assert.equal(evidence(curtailed, [makes(-2.5)]), true)
    assert.equal(evidence(curtailed, [makes(-2.6)]), false)
    assert.equal(evidence(curtailed, [makes(9)]), true)
    const limited = commanded('set_limit', { p_limit_kw: 2 })
    assert.equal(evidence(limited, [makes(9)]), false)
    assert.equal(evidence(limited, [makes(-2)]), true)
  })

  it('is a reading, or that the device is online, where it said that it acted', () => {
    const panel: Observed = { kind: 'panel', at: later }
    const online: Observed = { kind: 'presence', at: later, online: true }
    assert.equal(evidence(commanded('read_now'), [panel]), true)
    assert.equal(evidence(commanded('read_now', {}, null), [panel], { ...panel, at: begun }), undefined)
    assert.equal(evidence(commanded('read_now'), [measures(127, 0)], says('closed', begun)), true)
    assert.equal(evidence(commanded('read_now'), [online]), undefined)
    assert.equal(evidence(commanded('reboot'), [online]), true)
    assert.equal(evidence(commanded('reboot'), [{ ...online, online: false }]), undefined)
    assert.equal(evidence(commanded('reboot', {}, null), [online], { ...online, at: begun }), undefined)
  })
})
