import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  addCauses,
  concludeCommand,
  emptyMemory,
  readCommand,
  restarted,
  takeCommand,
  type DeviceAbilities,
  type DeviceMemory,
} from './command-device.ts'
import type { CommandAck, CommandMessage } from './command.ts'
import { signedText } from './command-signature.ts'
import { parseInstant } from './instant.ts'

const now = Date.parse('2026-11-21T15:00:00Z')
const able: DeviceAbilities = {
  ...{ deviceId: 'sw-001', types: ['open', 'close', 'trip'], ledger: true, expiry: true, select: true },
}
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const command = (n: number, more: Partial<CommandMessage> = {}): CommandMessage => ({
  ...{ command_id: idOf(n), control_number: n, phase: 'operate', type: 'open', args: {} },
  ...{ expires_at: new Date(now + 60_000).toISOString() },
  ...more,
})

/** A device that acts at once. */
class Acting {
  memory: DeviceMemory = emptyMemory
  readonly effects: string[] = []
  readonly abilities: DeviceAbilities

  constructor(abilities: Partial<DeviceAbilities> = {}) {
    this.abilities = { ...able, ...abilities }
  }

  hears(message: CommandMessage, at = now): CommandAck | undefined {
    const taken = takeCommand(this.memory, message, this.abilities, at)
    this.memory = taken.memory
    if (!taken.act) return taken.answer
    assert.equal(taken.answer?.status, 'accepted')
    this.effects.push(taken.act.command_id)
    const done = concludeCommand(this.memory, { status: 'executed' }, this.abilities, at)
    this.memory = done.memory
    return done.answer
  }
}

describe('a device with a ledger', () => {
  it('acts once, and answers what comes again from the ledger', () => {
    const device = new Acting()
    const first = device.hears(command(1))
    assert.deepEqual(first, {
      ...{ command_id: idOf(1), control_number: 1, status: 'executed', at: '2026-11-21T15:00:00.000Z' },
    })
    assert.deepEqual(device.hears(command(1), now + 5_000), { ...first, at: '2026-11-21T15:00:05.000Z' })
    // its answer is what became of it, even after it would have been too late
    assert.equal(device.hears(command(1), now + 600_000)?.status, 'executed')
    assert.deepEqual(device.effects, [idOf(1)])
  })

  it('says of a command that it is at that it has accepted it, and takes no other one meanwhile', () => {
    const { memory } = takeCommand(emptyMemory, command(1), able, now)
    const again = takeCommand(memory, command(1), able, now)
    assert.deepEqual([again.act, again.answer?.status], [undefined, 'accepted'])
    const other = takeCommand(memory, command(2), able, now)
    assert.deepEqual([other.act, other.answer?.add_cause], [undefined, addCauses.alreadyInExecution])
  })

  it('says of what it is asked about and does not know that it is not done, and never does it', () => {
    const device = new Acting()
    const asked = command(1, { phase: 'query' })
    assert.equal(device.hears(asked)?.status, 'not_done')
    assert.equal(device.hears(command(1))?.status, 'rejected')
    assert.equal(device.hears(asked)?.status, 'not_done')
    assert.deepEqual(device.effects, [])
  })

  it('refuses an older control number than it has acted on, whatever the id', () => {
    const device = new Acting()
    device.hears(command(7))
    for (const number of [6, 7]) {
      const answer = device.hears(command(8, { control_number: number }))
      assert.deepEqual([answer?.status, answer?.reason], ['rejected', `control number ${number} is not above 7`])
    }
    assert.equal(device.hears(command(8))?.status, 'executed')
  })

  it('forgets the oldest after two hundred, and still does none of them again', () => {
    const device = new Acting()
    for (let n = 1; n <= 300; n++) device.hears(command(n))
    assert.equal(device.memory.ledger.size, 200)
    assert.equal(device.hears(command(1))?.status, 'rejected')
    assert.equal(device.effects.length, 300)
  })

  it('says after a restart that what it was at has failed, and does it no more', () => {
    const { memory } = takeCommand(emptyMemory, command(1), able, now)
    const after = takeCommand(restarted(memory, able), command(1), able, now)
    assert.deepEqual([after.act, after.answer?.status], [undefined, 'failed'])
  })

  it('acts at most once on each id, and never on one that it said to be not done, whatever comes in whatever order (property)', () => {
    const event = fc.oneof(
      { weight: 9, arbitrary: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom('select', 'operate', 'query')) },
      { weight: 1, arbitrary: fc.constant('restart' as const) },
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const device = new Acting()
        const denied = new Set<string>()
        for (const one of events) {
          if (one === 'restart') device.memory = restarted(device.memory, able)
          else {
            const [n, phase] = one as [number, CommandMessage['phase']]
            const before = device.effects.length
            const answer = device.hears(command(n, { phase }))
            if (answer?.status === 'not_done') denied.add(answer.command_id)
            if (device.effects.length > before) assert.ok(!denied.has(idOf(n)))
          }
        }
        assert.equal(new Set(device.effects).size, device.effects.length)
      }),
    )
  })
})

describe('a device without a ledger', () => {
  it('does again what comes again, and is silent when it is asked', () => {
    const device = new Acting({ ledger: false })
    device.hears(command(1))
    device.hears(command(1))
    assert.equal(device.effects.length, 2)
    assert.equal(device.hears(command(1, { phase: 'query' })), undefined)
  })
})

describe('expiry', () => {
  const late = command(1, { expires_at: new Date(now).toISOString() })

  it('is judged by the clock of the device: too late at the instant itself, and refused for good', () => {
    const device = new Acting()
    assert.equal(device.hears(late)?.status, 'expired')
    assert.equal(device.hears(late, now - 60_000)?.status, 'expired')
    assert.deepEqual(device.effects, [])
    assert.equal(new Acting().hears(late, now - 1)?.status, 'executed')
  })

  it('is nothing to a device that has no such check', () =>
    assert.equal(new Acting({ expiry: false }).hears(late, now + 1e9)?.status, 'executed'))

  it('that cannot be read is refused', () => {
    const answer = new Acting({ expiry: false }).hears(command(1, { expires_at: '2026-11-21T15:00:00' }))
    assert.deepEqual([answer?.status, answer?.add_cause], ['rejected', addCauses.inconsistentParameters])
    assert.equal(parseInstant('2026-11-21T15:00:00'), undefined)
  })
})

describe('select', () => {
  const select = (n: number, more: Partial<CommandMessage> = {}) => command(n, { phase: 'select', ...more })

  it('acts on nothing, and lets the same command through', () => {
    const device = new Acting({ selectBefore: ['open'] })
    assert.equal(device.hears(select(1))?.status, 'selected')
    assert.deepEqual(device.effects, [])
    assert.equal(device.hears(command(1))?.status, 'executed')
  })

  for (const [what, message, after, cause] of [
    ['with other arguments', command(1, { args: { x: 1 } }), 0, addCauses.inconsistentParameters],
    ['of another type', command(1, { type: 'close' }), 0, addCauses.inconsistentParameters],
    ['of another id', command(2), 0, addCauses.lockedByOther],
    ['half a minute later', command(1), 30_000, addCauses.notSelected],
  ] as const)
    it(`does not let one through ${what}`, () => {
      const device = new Acting({ selectBefore: ['open'] })
      device.hears(select(1))
      assert.equal(device.hears(message, now + after)?.add_cause, cause)
      assert.deepEqual(device.effects, [])
    })

  it('is needed where the device wants it, and only there', () => {
    const device = new Acting({ selectBefore: ['open'] })
    assert.equal(device.hears(command(1))?.add_cause, addCauses.notSelected)
    assert.equal(device.hears(command(2, { type: 'trip' }))?.status, 'executed')
  })

  it('is refused while the device is selected for another command', () => {
    const device = new Acting()
    device.hears(select(1))
    assert.equal(device.hears(select(2))?.add_cause, addCauses.lockedByOther)
    assert.equal(device.hears(select(2), now + 30_000)?.status, 'selected')
  })

  it('is refused by a device that cannot be selected, which may be told without', () => {
    const device = new Acting({ select: false })
    assert.equal(device.hears(select(1))?.status, 'rejected')
    assert.equal(device.hears(command(1))?.status, 'executed')
  })

  it('is gone after a restart', () => {
    const device = new Acting({ selectBefore: ['open'] })
    device.hears(select(1))
    device.memory = restarted(device.memory, device.abilities)
    assert.equal(device.hears(command(1))?.add_cause, addCauses.notSelected)
  })
})

describe('a device that checks signatures', () => {
  const sealed = (text: string) => `seal of ${text}`
  const abilities = { isSigned: (text: string, signature: string) => signature === sealed(text) }
  const signed = (message: CommandMessage) => ({ ...message, signature: sealed(signedText('sw-001', message)) })

  it('does what is signed', () => assert.equal(new Acting(abilities).hears(signed(command(1)))?.status, 'executed'))

  it('refuses all else, and what is forged changes nothing in what it does afterwards', () => {
    const device = new Acting(abilities)
    const forged = { ...signed(command(9)), control_number: 900 }
    for (const message of [command(1), forged, command(1, { phase: 'query' })])
      assert.equal(device.hears(message)?.add_cause, addCauses.noAuthority)
    assert.deepEqual(device.memory, emptyMemory)
    assert.equal(device.hears(signed(command(1)))?.status, 'executed')
  })
})

describe('readCommand', () => {
  it('reads a command', () => assert.deepEqual(readCommand(JSON.stringify(command(1))), command(1)))

  for (const [payload, problem] of [
    ['', 'not JSON'],
    ['{"command_id"', 'not JSON'],
    ['[]', 'payload must be object'],
    ['{}', "payload must have required property 'command_id'"],
    [JSON.stringify(command(0)), 'control_number must be >= 1'],
    [JSON.stringify({ ...command(1), type: 'explode' }), 'type must be equal to one of the allowed values'],
  ] as const)
    it(`${payload.slice(0, 40) || 'nothing'}: ${problem}`, () => assert.deepEqual(readCommand(payload), { problem }))
})
