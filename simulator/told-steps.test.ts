import assert from 'node:assert/strict'
import { readClock } from '../platform/wire/clock.ts'
import { until } from './broker.fixture.ts'
import type { Outgoing } from './connection.ts'
import type { Fleet } from './fleet.ts'
import { SimulatedTime } from './simulated-time.ts'
import { clockMessage, everyToldStep } from './told-steps.ts'

const start = Date.UTC(2026, 10, 23, 12)

/** What the steps need of the fleet: whether there is room, and what the gateway is to send. */
function fleetOf() {
  const standing = { connected: true, backlog: 0, told: [] as Outgoing[] }
  const publishAsGateway = (message: Outgoing) => void standing.told.push(message)
  return { standing, fleet: Object.assign(standing, { publishAsGateway }) as unknown as Fleet }
}

describe('steps whose time is told', () => {
  it('the clock says what time it is and how fast it runs, and is kept', () => {
    const { topic, payload, retain } = clockMessage(start, 60)
    assert.deepEqual([topic, readClock(payload), retain], ['sim/clock', { at: start, rate: 60 }, true])
  })

  it('are told before the first one, and wait while there is no room', async () => {
    const { standing, fleet } = fleetOf()
    const [steps, lines] = [[] as number[], [] as string[]]
    const say = (line: string) => void lines.push(line)
    const toldBefore: number[] = []
    standing.connected = false
    const stop = everyToldStep(
      {
        time: new SimulatedTime(start, 6_000),
        start,
        intervalMs: 60_000,
        fleet,
        broker: { url: 'mqtt://b' },
        say,
        warn: say,
      },
      (at) => {
        steps.push(at)
        toldBefore.push(standing.told.length)
      },
    )
    try {
      await until('time to be set back', () => lines.length === 2)
      assert.deepEqual(steps, [])
      assert.match(lines[0]!, /^time begins at 2026-11-23T12:00:00.000Z and runs 6000 times as fast/)
      assert.match(lines[1]!, /^--speed 6000 is more than this machine and mqtt:\/\/b keep up with/)
      standing.connected = true
      await until('some steps', () => steps.length >= 5)
      assert.deepEqual(
        steps.slice(0, 3).map((at) => (at - start) / 60_000),
        [0, 1, 2],
      )
      assert.equal(toldBefore[0], 1)
    } finally {
      stop()
    }
  })
})
