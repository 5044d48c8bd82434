import assert from 'node:assert/strict'
import type { CommandMessage } from '../platform/wire/command.ts'
import { addCauses } from '../platform/wire/command-device.ts'
import type { DerTelemetry, MeterReading, SwitchState } from '../platform/wire/payloads.ts'
import { commandTypesOf } from './commanded.ts'
import { defaultSize, fieldOf } from './field.ts'
import type { FieldMessage } from './field-message.ts'
import type { ScenarioEvent } from './scenario.ts'
import { Simulation } from './simulation.ts'

/** Noon in São Paulo. */
const START = Date.UTC(2026, 0, 15, 15)

class Played {
  readonly simulation: Simulation
  at = START

  constructor(events: readonly ScenarioEvent[] = []) {
    this.simulation = new Simulation(fieldOf(defaultSize), 1, START, 1_000, { weather: 'clear', events })
    this.steps(1)
  }

  tell(deviceId: string, type: CommandMessage['type'], args: CommandMessage['args'] = {}) {
    const command_id = '6f1c2a5e-9d3b-4c47-8a10-2b7e5f0d9c31'
    const message = {
      command_id,
      control_number: 1,
      phase: 'operate',
      type,
      args,
      expires_at: this.at + 60_000,
    } as const
    return this.simulation.command(deviceId, message)
  }

  steps(count: number): FieldMessage[] {
    return Array.from({ length: count }, () => this.simulation.step((this.at += 1_000))).flat()
  }

  /** The last of so many steps' messages of a device. */
  last<Payload>(deviceId: string, kind: FieldMessage['kind'], count = 70): Payload {
    return this.steps(count).findLast((message) => message.deviceId === deviceId && message.kind === kind)!
      .payload as Payload
  }
}

describe('a switch that is commanded', () => {
  it('moves at the next step, says so at once, and carries no current; what hangs on it is dark until it is closed', () => {
    const played = new Played()
    assert.equal(played.tell('sw-001', 'open'), undefined)
    const messages = played.steps(1)
    const state = messages.find(({ deviceId, kind }) => deviceId === 'sw-001' && kind === 'switch')
      ?.payload as SwitchState
    assert.deepEqual([state.position, state.currents?.ia_a], ['open', 0])
    const event = messages.find(({ deviceId, kind }) => deviceId === 'sw-001' && kind === 'event')?.payload
    assert.deepEqual([Reflect.get(event!, 'type'), Reflect.get(event!, 'cause')], ['switch_opened', 'command'])
    assert.ok(!played.simulation.isHeard('meter-006'))
    assert.equal(played.tell('sw-001', 'close'), undefined)
    played.steps(1)
    assert.ok(played.simulation.isHeard('meter-006'))
  })

  it('does not move where it stands already, and says that nothing came of it', () => {
    const outcome = new Played().tell('sw-001', 'close')
    assert.deepEqual([outcome?.status, outcome?.add_cause], ['rejected', addCauses.positionReached])
  })

  it('stays as it was told until the scenario moves it', () => {
    const played = new Played([
      { kind: 'switching', at_minute: 2, for_minutes: 2, switch: 'sw-001', position: 'open', cause: 'overcurrent' },
    ])
    const position = (seconds: number) => played.last<SwitchState>('sw-001', 'switch', seconds).position
    played.tell('sw-001', 'open')
    assert.equal(position(60), 'open')
    played.tell('sw-001', 'close')
    assert.equal(position(30), 'closed')
    assert.equal(position(60), 'open')
    played.tell('sw-001', 'close')
    assert.equal(position(30), 'closed')
    assert.equal(position(120), 'closed')
  })

  it('says that reclosing is blocked as soon as it is', () => {
    const played = new Played()
    const blocked = (seconds: number) => played.last<SwitchState>('sw-001', 'switch', seconds).reclose_blocked
    assert.equal(blocked(70), false)
    assert.equal(played.tell('sw-001', 'block_reclose'), undefined)
    assert.equal(blocked(1), true)
    assert.equal(played.tell('sw-001', 'block_reclose')?.status, 'rejected')
    played.tell('sw-001', 'unblock_reclose')
    assert.equal(blocked(1), false)
  })
})

describe('a meter that is commanded', () => {
  it('lets no current through while it is disconnected, and still measures the voltage; nothing behind it feeds in', () => {
    const played = new Played()
    const reading = () => played.last<MeterReading>('meter-001', 'meter')
    assert.ok(played.last<DerTelemetry>('pv-001', 'der').p_actual_kw > 1)
    assert.equal(played.tell('meter-001', 'disconnect', { reason: 'request' }), undefined)
    const { va_v, ia_a, p_kw, contact } = reading()
    assert.ok(va_v! > 110)
    assert.deepEqual([ia_a, p_kw, contact], [0, 0, 'open'])
    for (const id of ['pv-001', 'bat-001']) assert.equal(played.last<DerTelemetry>(id, 'der').p_actual_kw, 0)
    assert.equal(played.tell('meter-001', 'disconnect')?.add_cause, addCauses.positionReached)
    assert.equal(played.tell('meter-001', 'connect'), undefined)
    const after = reading()
    assert.ok(after.ia_a! > 0)
    assert.equal(after.contact, 'closed')
  })

  for (const deviceId of ['meter-001', 'meter-010', 'sw-001', 'pv-001', 'panel-001'])
    it(`${deviceId} reports at the next step when it is asked to, once`, () => {
      const played = new Played()
      played.steps(7)
      const heard = () => played.steps(1).filter((message) => message.deviceId === deviceId).length
      const usual = heard()
      assert.equal(played.tell(deviceId, 'read_now'), undefined)
      assert.equal(heard(), 1)
      assert.equal(heard(), usual)
    })
})

describe('a resource that is commanded', () => {
  it('follows a set point as it follows its control topic: the newest wins', () => {
    const played = new Played()
    assert.equal(played.tell('bat-001', 'set_point', { p_setpoint_kw: -2 }), undefined)
    const power = () => played.last<DerTelemetry>('bat-001', 'der', 5).p_actual_kw
    assert.ok(Math.abs(power() + 2) < 0.1)
    played.simulation.control('bat-001', { kw: 1 })
    assert.ok(Math.abs(power() - 1) < 0.1)
  })

  it('keeps to its limit in either direction, and to a curtailment of what it feeds in for its time', () => {
    const played = new Played()
    const power = (deviceId: string) => played.last<DerTelemetry>(deviceId, 'der', 5).p_actual_kw
    played.tell('ev-003', 'set_limit', { p_limit_kw: 0.5 })
    assert.ok(power('ev-003') <= 0.5)
    assert.ok(power('pv-001') > 2)
    played.tell('pv-001', 'curtail', { p_limit_kw: 0.5, duration_s: 60 })
    assert.ok(power('pv-001') <= 0.5)
    played.tell('bat-001', 'curtail', { p_limit_kw: 0.5, duration_s: 60 })
    played.simulation.control('bat-001', { kw: -3 })
    assert.ok(power('bat-001') >= -0.52)
    played.simulation.control('bat-001', { kw: 3 })
    assert.ok(power('bat-001') > 2.9)
    played.steps(60)
    assert.ok(power('pv-001') > 2)
  })

  for (const [type, args, reason] of [
    ['set_point', {}, 'p_setpoint_kw'],
    ['set_point', { p_setpoint_kw: '3' }, 'p_setpoint_kw'],
    ['set_limit', { p_limit_kw: -1 }, 'p_limit_kw'],
  ] as const)
    it(`refuses ${type} ${JSON.stringify(args)}, and names what is wrong`, () => {
      const outcome = new Played().tell('pv-001', type, args)
      assert.deepEqual([outcome?.status, outcome?.add_cause], ['rejected', addCauses.inconsistentParameters])
      assert.match(outcome!.reason!, new RegExp(reason))
    })
})

describe('a device that is restarted', () => {
  it('goes offline, and comes back after five seconds', () => {
    const played = new Played()
    played.tell('ev-001', 'reboot')
    const messages = played.steps(8).filter(({ deviceId }) => deviceId === 'ev-001')
    const said = messages.map(({ kind, payload }) => (kind === 'status' ? Reflect.get(payload, 'status') : 'reading'))
    assert.deepEqual(said.slice(0, 3), ['offline', 'online', 'reading'])
    assert.equal(said.length, 6)
  })
})

describe('what can be commanded', () => {
  it('is something of every kind of device, and every command is of some', () =>
    assert.deepEqual(
      new Set(Object.values(commandTypesOf).flat()).size,
      new Set(['open', 'close', 'trip', 'block_reclose', 'unblock_reclose', 'connect', 'disconnect']).size + 5,
    ))
})
