import assert from 'node:assert/strict'
import type { DeviceAbilities, Outcome } from '../platform/wire/command-device.ts'
import type { CommandMessage } from '../platform/wire/command.ts'
import { CommandFaults } from './command-faults.ts'
import { Faults, type FaultShares } from './faults.ts'
import { Obedience } from './obedience.ts'

const START = Date.UTC(2026, 0, 15, 15)
const abilities: DeviceAbilities = {
  ...{ deviceId: 'sw-001', types: ['open', 'close', 'reboot'], ledger: true, expiry: true, select: true },
}
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const command = (n: number, more: Partial<CommandMessage> = {}): CommandMessage => ({
  ...{ command_id: idOf(n), control_number: n, phase: 'operate', type: 'open', args: {}, expires_at: START + 600_000 },
  ...more,
})

class Played {
  now = START
  heard = true
  outcome: Outcome | undefined
  readonly begun: string[] = []
  readonly answers: string[] = []
  readonly warnings: string[] = []
  readonly faults: Faults
  readonly obedience: Obedience

  constructor(shares: FaultShares = {}, more: Partial<DeviceAbilities> = {}) {
    this.faults = new Faults(1, [{ from: START, to: Infinity, shares, holdMs: 30_000, of: 'readings' }])
    this.obedience = new Obedience({
      devices: [{ ...abilities, ...more }],
      now: () => this.now,
      faults: new CommandFaults(this.faults),
      isHeard: () => this.heard,
      begin: (_deviceId, { command_id }) => {
        this.begun.push(command_id)
        return this.outcome
      },
      answer: (_deviceId, { command_id, status }) => this.answers.push(`${Number(command_id.slice(-3))} ${status}`),
      report: () => undefined,
      warn: (line) => this.warnings.push(line),
    })
  }

  tell(message: CommandMessage | string, retained = false): this {
    this.obedience.take('sw-001', typeof message === 'string' ? message : JSON.stringify(message), retained)
    return this
  }

  step(ms = 1_000): this {
    this.now += ms
    this.obedience.step()
    return this
  }
}

describe('the obedience of a device', () => {
  it('accepts, and has done it at the next step; a repetition is answered and not done, and effects are counted', () => {
    const played = new Played().tell(command(1)).step().tell(command(1)).step()
    assert.deepEqual(played.answers, ['1 accepted', '1 executed', '1 executed'])
    assert.deepEqual([played.begun.length, played.obedience.effects], [1, { 'sw-001': 1 }])
  })

  it('says at once that it will not, and no effect is counted', () => {
    const played = new Played()
    played.outcome = { status: 'rejected', reason: 'it is open' }
    assert.deepEqual(played.tell(command(1)).answers, ['1 accepted', '1 rejected'])
    assert.deepEqual(played.obedience.effects, {})
  })

  it('hears nothing while it cannot be heard, and says what it has done when it is back', () => {
    const played = new Played()
    played.tell(command(1, { type: 'reboot' }))
    played.heard = false
    played.step().tell(command(2))
    assert.deepEqual(played.answers, ['1 accepted'])
    played.heard = true
    assert.deepEqual(played.step().answers, ['1 accepted', '1 executed'])
    assert.deepEqual(played.tell(command(1, { type: 'reboot' })).answers.at(-1), '1 executed')
  })

  it('does nothing that was retained, or is no command, and says so in one line', () => {
    const played = new Played().tell(command(1), true).tell('{"command_id":\n1}')
    assert.deepEqual([played.begun, played.answers], [[], []])
    assert.deepEqual(played.warnings, [
      'command to sw-001 refused: it is retained',
      `command to sw-001 refused: payload must have required property 'control_number': "{\\"command_id\\":\\n1}"`,
    ])
  })

  it('says of itself what it can do', () => {
    assert.deepEqual(new Played().obedience.capabilitiesOf('sw-001'), [
      ...['commands', 'ledger', 'expiry', 'select', 'clock'],
    ])
    const signed = new Played({}, { ledger: false, isSigned: () => true })
    assert.deepEqual(signed.obedience.capabilitiesOf('sw-001'), ['commands', 'expiry', 'select', 'clock', 'signature'])
    assert.deepEqual(signed.obedience.capabilitiesOf('nobody'), [])
  })
})

describe('a device that misbehaves', () => {
  it('loses commands', () => {
    const played = new Played({ command_lost: 1 }).tell(command(1)).step()
    assert.deepEqual([played.begun, played.answers], [[], []])
  })

  it('hears a command twice: done once with a ledger, twice without', () => {
    const played = new Played({ command_twice: 1 }).tell(command(1)).step()
    assert.deepEqual([played.begun.length, played.answers], [1, ['1 accepted', '1 accepted', '1 executed']])
    const forgetful = new Played({ command_twice: 1 }, { ledger: false })
    forgetful.outcome = { status: 'executed' }
    forgetful.tell(command(1))
    assert.equal(forgetful.obedience.effects['sw-001'], 2)
  })

  it('loses answers, and gives them twice', () => {
    const lost = new Played({ ack_lost: 1 }).tell(command(1)).step()
    assert.deepEqual([lost.answers, lost.obedience.effects], [[], { 'sw-001': 1 }])
    const twice = new Played({ ack_twice: 1 }).tell(command(1)).step()
    assert.deepEqual(twice.answers, ['1 accepted', '1 accepted', '1 executed', '1 executed'])
  })

  it('gives answers late, after so long', () => {
    const played = new Played({ ack_late: 1 }).tell(command(1)).step(29_999)
    assert.deepEqual(played.answers, [])
    assert.deepEqual(played.step(1).answers, ['1 accepted'])
    assert.deepEqual(played.step(29_999).answers, ['1 accepted', '1 executed'])
  })

  it('gives an answer after the next one, or after a minute', () => {
    const played = new Played()
    const fault = { kind: 'ack_reordered', share: 1, count: 1, until: Infinity, holdMs: 0 } as const
    played.faults.inject(fault, START)
    assert.deepEqual(played.tell(command(1)).step().answers, ['1 executed', '1 accepted'])
    played.faults.inject(fault, START)
    played.tell(command(2, { phase: 'query' })).step(59_000)
    assert.equal(played.answers.length, 2)
    assert.equal(played.step().answers.at(-1), '2 not_done')
  })

  it('lies: says that it has done what it has not', () => {
    const played = new Played({ lie: 1 }).tell(command(1)).step()
    assert.deepEqual([played.begun, played.answers], [[], ['1 accepted', '1 executed']])
    assert.deepEqual(played.obedience.effects, {})
  })

  it('forgets its ledger, and does it again', () => {
    const played = new Played().tell(command(1)).step()
    played.faults.inject({ kind: 'forget', share: 1, count: 1, until: Infinity, holdMs: 0 }, START)
    played.tell(command(1)).step()
    assert.deepEqual(played.obedience.effects, { 'sw-001': 2 })
  })

  it('judges the expiry by a clock that is wrong', () => {
    assert.deepEqual(new Played({ clock_ahead: 1 }).tell(command(1)).answers, ['1 expired'])
    const late = command(1, { expires_at: START - 1 })
    assert.deepEqual(new Played().tell(late).answers, ['1 expired'])
    assert.deepEqual(new Played({ clock_behind: 1 }).tell(late).answers, ['1 accepted'])
  })
})
