import assert from 'node:assert/strict'
import fc from 'fast-check'
import { beforeEach, describe, it } from 'mocha'
import type { AckStatus, CommandMessage, CommandPhase } from '../../platform/wire/command.ts'
import { drawOf } from '../../simulator/draw.ts'
import { CountingDevice, type Traits } from './counting-device.ts'

const noon = Date.UTC(2026, 2, 10, 12)
const traits: Traits = {
  ...{ deviceId: 'sw-1', kind: 'switch', keepsLedger: true, skewMs: 0, failing: 0, mostActMs: 100 },
  capabilities: { ledger: true, expiry: true, select: true, clock: true, signature: false },
}

const command = (n: number, phase: CommandPhase, over: Partial<CommandMessage> = {}): CommandMessage => ({
  command_id: `0000000${n}-0000-4000-8000-000000000000`,
  ...{ control_number: n, phase, type: 'open', args: {}, expires_at: new Date(noon + 60_000).toISOString() },
  ...over,
})

describe('a counting device', () => {
  let done: string[]
  const device = (over: Partial<Traits> = {}): CountingDevice =>
    new CountingDevice({ ...traits, ...over }, drawOf(1, 'sw-1'), ({ type }) => done.push(type))
  const say = (to: CountingDevice, message: CommandMessage, at = noon): AckStatus[] =>
    to.take(message, at).map(({ status }) => status)

  beforeEach(() => (done = []))

  it('accepts, acts, and says so', () => {
    const one = device()
    assert.deepEqual(one.take(command(1, 'operate'), noon), [
      {
        ...{ command_id: command(1, 'operate').command_id, control_number: 1, device_id: 'sw-1' },
        ...{ status: 'accepted', at: '2026-03-10T12:00:00.000Z' },
      },
    ])
    assert.ok(one.dueAt! >= noon && one.dueAt! <= noon + 100)
    assert.deepEqual([done, one.actDue(noon - 1)], [[], []])
    assert.deepEqual(
      one.actDue(noon + 100).map(({ status }) => status),
      ['executed'],
    )
    assert.deepEqual([done, one.effects.length, one.dueAt], [['open'], 1, undefined])
  })

  it('acts once, and answers repetitions from its ledger, across a reboot', () => {
    const one = device()
    assert.deepEqual([say(one, command(1, 'operate')), say(one, command(1, 'operate'))], [['accepted'], ['accepted']])
    one.actDue(noon + 100)
    one.reboot()
    assert.deepEqual([say(one, command(1, 'operate')), say(one, command(1, 'query'))], [['executed'], ['executed']])
    assert.equal(one.effects.length, 1)
  })

  it('forgets in a reboot what it was about to do, and does it when told again', () => {
    const one = device()
    say(one, command(1, 'operate'))
    one.reboot()
    assert.deepEqual(one.actDue(noon + 1_000), [])
    say(one, command(1, 'operate'))
    one.actDue(noon + 1_000)
    assert.equal(one.effects.length, 1)
  })

  it('never does what it was asked for and did not know', () => {
    const one = device()
    assert.deepEqual(say(one, command(1, 'query')), ['not_done'])
    assert.deepEqual(say(one, command(1, 'operate')), ['not_done'])
    one.actDue(noon + 1_000)
    assert.equal(one.effects.length, 0)
  })

  it('refuses what is late by its own clock, and stays with it', () => {
    const late = noon + 60_001
    const one = device()
    assert.deepEqual(
      [say(one, command(1, 'operate'), late), say(one, command(1, 'operate'))],
      [['expired'], ['expired']],
    )
    assert.deepEqual(say(device({ skewMs: 61_000 }), command(1, 'operate')), ['expired'])
    assert.deepEqual(say(device({ skewMs: -61_000 }), command(1, 'operate'), late), ['accepted'])
  })

  it('refuses an old control number', () => {
    const one = device()
    say(one, command(2, 'operate'))
    assert.deepEqual(say(one, command(1, 'operate')), ['rejected'])
  })

  it('operates what is armed, as it was selected', () => {
    const one = device()
    assert.deepEqual(say(one, command(1, 'select')), ['selected'])
    assert.deepEqual(say(one, command(1, 'operate', { type: 'close' })), ['rejected'])
    assert.deepEqual([say(one, command(2, 'select')), say(one, command(2, 'operate'))], [['selected'], ['accepted']])
  })

  it('says that it failed, and has done nothing', () => {
    const one = device({ failing: 1 })
    say(one, command(1, 'operate'))
    assert.deepEqual(
      one.actDue(noon + 100).map(({ status }) => status),
      ['failed'],
    )
    assert.deepEqual([one.effects.length, say(one, command(1, 'operate'))], [0, ['failed']])
  })

  it('without a ledger acts as often as it is told, and cannot be asked', () => {
    const one = device({ keepsLedger: false, capabilities: { ...traits.capabilities, ledger: false } })
    say(one, command(1, 'operate'))
    say(one, command(1, 'operate'))
    one.actDue(noon + 100)
    assert.deepEqual([one.effects.length, say(one, command(1, 'query'))], [2, []])
  })

  it('that only claims a ledger denies what it has done', () => {
    const one = device({ keepsLedger: false })
    say(one, command(1, 'operate'))
    one.actDue(noon + 100)
    assert.deepEqual(say(one, command(1, 'query')), ['not_done'])
  })

  it('with a ledger has at most one effect for an id, and none after it has denied it (property)', () => {
    const step = fc.oneof(
      fc.record({
        n: fc.integer({ min: 1, max: 4 }),
        phase: fc.constantFrom<CommandPhase[]>('select', 'operate', 'query'),
      }),
      fc.constantFrom('reboot' as const, 'act' as const),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const one = device()
        const denied = new Set<string>()
        steps.forEach((what, n) => {
          if (what === 'reboot') one.reboot()
          else if (what === 'act') one.actDue(noon + n * 60)
          else
            for (const { command_id, status } of one.take(command(what.n, what.phase), noon + n * 60))
              if (status === 'not_done') denied.add(command_id)
        })
        one.actDue(noon + 100_000)
        const ids = one.effects.map(({ commandId }) => commandId)
        assert.equal(new Set(ids).size, ids.length)
        assert.deepEqual(
          ids.filter((id) => denied.has(id)),
          [],
        )
      }),
    )
  })
})
