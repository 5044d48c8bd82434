import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { PlatformClock } from '../../platform/clock/clock.ts'
import { ClockMessages } from './clock-messages.ts'
import type { HeldMessage } from '../../platform/broker/held-acknowledgements.ts'

const newYear = Date.UTC(2008, 0, 1)

describe('messages of the clock', () => {
  let machineMs: number
  let clock: PlatformClock
  let messages: ClockMessages
  let acknowledged: string[]
  let complaints: string[]

  beforeEach(() => {
    machineMs = 0
    clock = new PlatformClock({ now: () => machineMs })
    acknowledged = []
    complaints = []
    messages = new ClockMessages(clock, ({ message }) => complaints.push(message))
  })

  const held = (name: string, payload: string, repeated = false): HeldMessage => ({
    ...{ topic: name, payload: Buffer.from(payload), repeated },
    acknowledge: () => acknowledged.push(name),
  })
  const set = (name: string, at: number, rate = 0, repeated = false): void =>
    messages.receive(held(name, JSON.stringify({ at, rate }), repeated))
  const reading = (name: string): HeldMessage => messages.under(held(name, '{}'))

  it('set the clock', () => {
    set('c1', newYear, 60)
    machineMs += 1_000
    assert.equal(clock.now(), newYear + 60_000)
  })

  it('are acknowledged when the next has come and all that was received under them is acknowledged', () => {
    set('c1', newYear)
    const [one, two] = [reading('r1'), reading('r2')]
    two.acknowledge()
    assert.deepEqual(acknowledged, ['r2'])
    set('c2', newYear + 1)
    assert.deepEqual(acknowledged, ['r2'])
    one.acknowledge()
    assert.deepEqual(acknowledged, ['r2', 'r1', 'c1'])
    set('c3', newYear + 2)
    assert.deepEqual(acknowledged, ['r2', 'r1', 'c1', 'c2'])
  })

  it('hold nothing back of what came before the first of them', () => {
    const early = reading('r0')
    set('c1', newYear)
    early.acknowledge()
    set('c2', newYear)
    assert.deepEqual(acknowledged, ['r0', 'c1'])
  })

  it('brought again do not put back a clock that runs', () => {
    set('c1', newYear, 60)
    machineMs += 1_000
    set('c1 again', newYear, 60, true)
    assert.equal(clock.now(), newYear + 60_000)
    assert.deepEqual(acknowledged, ['c1'])
  })

  it('sent again do so: somebody begins anew', () => {
    set('c1', newYear, 60)
    machineMs += 1_000
    set('c2', newYear, 60)
    assert.equal(clock.now(), newYear)
  })

  it('brought again set the time under which their readings were sent', () => {
    set('c1', newYear)
    set('c2', newYear + 600_000)
    set('c1', newYear, 0, true)
    assert.equal(clock.now(), newYear)
  })

  it('that cannot be read are reported and acknowledged, and change nothing', () => {
    set('c1', newYear)
    const one = reading('r1')
    messages.receive(held('bad', '{"at":"soon","rate":1}'))
    assert.deepEqual(acknowledged, ['bad'])
    assert.match(complaints.join(), /^sim\/clock: at is "soon": it takes an instant/)
    assert.equal(clock.now(), newYear)
    one.acknowledge()
    assert.deepEqual(acknowledged, ['bad', 'r1'])
  })
})
