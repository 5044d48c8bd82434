import assert from 'node:assert/strict'
import { conditionWords, conditionTexts } from '../../../platform/wire/condition-text.ts'
import {
  commandConditions,
  followWithinMs,
  normalOf,
  unheardAfterMs,
  type CommandsNow,
  type FailedCommand,
  type FollowedSetpoint,
  type UnknownCommand,
} from './command-conditions.ts'

const now = Date.UTC(2026, 2, 2, 12)
const minuteMs = 60_000
const calm: CommandsNow = { unknown: [], failed: [], sentSince: null, isHeard: true, setpoints: [] }
const holding = (of: Partial<CommandsNow>) => commandConditions({ ...calm, ...of }, now)
const keys = (of: Partial<CommandsNow>) => holding(of).map(({ key, priority }) => `${key} ${priority}`)
const words = (of: Partial<CommandsNow>) => holding(of).map((one) => conditionWords(one, 'America/Sao_Paulo').en)

const unknown: UnknownCommand = {
  ...{ commandId: 'c-1', deviceId: 'sw-1', feederId: 'f-1', type: 'open', isSaidDone: false },
  ...{ since: now - minuteMs, sentAt: now - 2 * minuteMs },
}
const failed: FailedCommand = {
  ...{ commandId: 'c-1', deviceId: 'meter-1', feederId: null, type: 'read_now', state: 'rejected' },
  ...{ since: now - minuteMs, reason: 'in local' },
}
const setpoint: FollowedSetpoint = {
  ...{ deviceId: 'bat-1', feederId: null, setpointKw: 2, requestedAt: now - 10 * minuteMs, ratedKw: 5 },
  ...{ at: now - 1_000, powerKw: 2, followsKw: null },
}

describe('conditions of commands', () => {
  it('are none where all is well', () => assert.deepEqual(keys({ setpoints: [setpoint], sentSince: now }), []))

  it('say that nobody knows what became of a command, or that nothing is seen of what a device says', () => {
    assert.deepEqual(keys({ unknown: [unknown] }), ['commands/command-unknown/sw-1 high'])
    assert.deepEqual(words({ unknown: [unknown] }), [
      'Nobody knows what became of “open” to sw-1, sent on Monday 08:58: the device is blocked',
    ])
    const said = { ...unknown, type: 'read_now', isSaidDone: true } as const
    assert.deepEqual(keys({ unknown: [said] }), ['commands/not-verified/sw-1 medium'])
    const [condition] = holding({ unknown: [unknown] })
    assert.deepEqual([condition!.feederId, condition!.deviceId, condition!.at], ['f-1', 'sw-1', unknown.since])
  })

  it('say that a command came to nothing, and how', () => {
    assert.deepEqual(words({ failed: [failed] }), ['“read now” to meter-1: refused'])
    assert.deepEqual(keys({ failed: [{ ...failed, type: 'connect', state: 'expired' }] }), [
      'commands/command-failed/meter-1 medium',
    ])
  })

  it('say that nobody hears answers, where one is waited for', () => {
    const sentSince = now - unheardAfterMs
    assert.deepEqual(keys({ isHeard: false, sentSince }), ['commands/acks-unheard/acks medium'])
    assert.deepEqual(keys({ isHeard: false, sentSince: sentSince + 1 }), [])
    assert.deepEqual(keys({ isHeard: false }), [])
    assert.deepEqual(keys({ isHeard: true, sentSince }), [])
  })

  for (const [fact, of, holds] of [
    ['follows its setpoint', {}, false],
    ['is a little beyond it', { powerKw: 2.25 }, false],
    ['is far beyond it', { powerKw: 2.26 }, true],
    ['draws less, for it is full', { powerKw: 0 }, false],
    ['feeds where it is to draw', { powerKw: -0.3 }, true],
    ['feeds less than it is told to', { setpointKw: -3, powerKw: -1 }, false],
    ['feeds more than it is told to', { setpointKw: -3, powerKw: -3.3 }, true],
    ['is to stand still, and does not', { setpointKw: 0, powerKw: 1 }, true],
    ['says that it follows another one', { powerKw: 0, followsKw: 4 }, true],
    ['says that it follows this one, and is full', { powerKw: 0, followsKw: 2 }, false],
    ['has just been told', { powerKw: 5, requestedAt: now - followWithinMs }, false],
    ['has not reported for long', { powerKw: 5, at: now - 5 * minuteMs }, false],
    ['is of no known rating, and beyond', { powerKw: 2.11, ratedKw: null }, true],
  ] as const)
    it(`${holds ? 'say' : 'do not say'} that a setpoint is ignored where a device ${fact}`, () => {
      assert.deepEqual(keys({ setpoints: [{ ...setpoint, ...of }] }).length, holds ? 1 : 0)
    })

  it('end with words of their own', () => {
    const all = holding({
      ...{ unknown: [unknown, { ...unknown, deviceId: 'sw-2', isSaidDone: true }], failed: [failed] },
      ...{ isHeard: false, sentSince: 0, setpoints: [{ ...setpoint, powerKw: 5 }] },
    })
    assert.equal(all.length, 5)
    for (const said of all) {
      const ended = normalOf(said, now)
      assert.deepEqual([ended.key, ended.state, ended.deviceId], [said.key, 'normal', said.deviceId])
      assert.ok(Object.hasOwn(conditionTexts, ended.text.message), ended.text.message)
      for (const text of Object.values(conditionWords(ended, 'UTC'))) assert.doesNotMatch(text, /[{}[\]]/)
    }
  })
})
