import assert from 'node:assert/strict'
import type { CommandFault } from '../platform/wire/simulation.ts'
import { CommandFaults, type Answer } from './command-faults.ts'

const answer = (deviceId: string): Answer => ({
  deviceId,
  ack: { command_id: '6f1c2a5e-9d3b-4c47-8a10-2b7e5f0d9c31', status: 'executed', at: 0 },
})

/** Faults that strike in this order, one an occasion. */
const striking = (...faults: (CommandFault | undefined)[]) =>
  new CommandFaults({
    commandStroke: (_deviceId, kinds) => {
      const fault = faults.shift()
      return fault && kinds.includes(fault) ? { fault, holdMs: 10 } : undefined
    },
    clockOffsetMs: () => 7,
  })

describe('faults in commands, as they come about', () => {
  it('an answer is overtaken by one of its own device, not of another', () => {
    const faults = striking('ack_reordered')
    assert.deepEqual(faults.said(answer('a'), 0), [])
    assert.deepEqual(faults.said(answer('b'), 0), [answer('b')])
    assert.equal(faults.said(answer('a'), 0).length, 2)
    assert.deepEqual(faults.released(1e9), [])
  })

  it('what is held back comes when its time has come, and once', () => {
    const faults = striking('ack_late', 'ack_reordered')
    faults.said(answer('a'), 0)
    faults.said(answer('b'), 0)
    assert.deepEqual([faults.released(9).length, faults.released(10).length], [0, 1])
    assert.deepEqual([faults.released(59_999).length, faults.released(60_000).length], [0, 1])
    assert.deepEqual(faults.released(1e9), [])
  })

  it('holds no more than ten thousand back: then they are said at once', () => {
    const faults = striking(...Array.from({ length: 10_001 }, () => 'ack_late' as const))
    const said = Array.from({ length: 10_001 }, (_, n) => faults.said(answer(`d-${n}`), 0).length)
    assert.deepEqual([said.at(-2), said.at(-1)], [0, 1])
  })

  it('tells how often a command is heard, who lies, who forgets, and whose clock is wrong', () => {
    const heard = striking('command_lost', 'command_twice', undefined)
    assert.deepEqual(
      [1, 2, 3].map(() => heard.timesHeard('a', 0)),
      [0, 2, 1],
    )
    const faults = striking('lie', 'lie', 'forget')
    assert.deepEqual([faults.lies('a', 0), faults.forgets('a', 0), faults.forgets('a', 0)], [true, false, true])
    assert.equal(faults.clockOffsetMs('a', 0), 7)
  })
})
