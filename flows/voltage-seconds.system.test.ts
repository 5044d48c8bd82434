import assert from 'node:assert/strict'
import { connectAsync } from 'mqtt'
import { after, before, describe, it } from 'mocha'
import { clockTopic, writeClock } from '../platform/wire/clock.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { deliveries, generateSeconds, meterTopic, nominalV, type RecordedSeconds } from './voltage-seconds.fixture.ts'
import {
  readingsStored,
  tellTime,
  unitWithMeter,
  voltageWindows,
  windowsClosed,
  type FoundWindow,
} from './voltage-windows.fixture.ts'
import { say } from './waiting.fixture.ts'

/** A week has 604,800. */
const count = Number(process.env.VOLTAGE_SECONDS ?? 604_800)
const start = Date.UTC(2026, 2, 2)
const windowSeconds = 600
const seed = 11
/** Messages sent and not yet acknowledged by the broker, at most. */
const mostInFlight = 500

async function publish(system: RunningSystem, seconds: RecordedSeconds): Promise<number> {
  const { username, password } = system.field
  const client = await connectAsync(system.brokerUrl, { username, password })
  const topic = meterTopic('seconds')
  let messages = 0
  let now = 0
  const sent: Promise<unknown>[] = []
  for (const { at, payload } of deliveries(seconds, 'seconds', seed)) {
    if (at !== now) sent.push(client.publishAsync(clockTopic, writeClock({ at, rate: 0 }), { qos: 1, retain: true }))
    now = at
    sent.push(client.publishAsync(topic, payload, { qos: 1 }))
    messages++
    if (sent.length >= mostInFlight) await Promise.all(sent.splice(0))
  }
  await Promise.all(sent)
  await client.endAsync()
  return messages
}

type Expected = Omit<FoundWindow, 'start'>

/**
 * A window, worked out from what the meter measured and nothing else, slowly: every question is asked of the seconds anew.
 * @returns undefined where no reading arrived
 */
function expectedWindow({ volts, count: seconds }: RecordedSeconds, first: number): Expected | undefined {
  const inWindow = Array.from({ length: windowSeconds }, (_, i) => first + i).filter((n) => n < seconds)
  const arrived = volts.map((ofPhase) => inWindow.filter((n) => !Number.isNaN(ofPhase[n])))
  if (arrived.every((ofPhase) => ofPhase.length === 0)) return undefined
  const rms = arrived.map((ofPhase, phase) => {
    if (ofPhase.length === 0) return null
    return Math.sqrt(ofPhase.reduce((sum, n) => sum + volts[phase]![n]! ** 2, 0) / ofPhase.length)
  })
  const coverage = Math.min(...arrived.map((ofPhase) => ofPhase.length)) / windowSeconds
  const dark = arrived.some((ofPhase, phase) => ofPhase.some((n) => volts[phase]![n]! < 0.1 * nominalV))
  const disturbed = arrived.some((ofPhase, phase) => ofPhase.some((n) => isBrief(volts[phase]!, n)))
  return {
    volts: [rms[0]!, rms[1]!, rms[2]!],
    coverage,
    bands: [bandOf(rms[0]!), bandOf(rms[1]!), bandOf(rms[2]!)],
    reason: dark ? 'interruption' : disturbed ? 'vtcd' : coverage < 0.9 ? 'coverage' : null,
  }
}

/** −1 below 0.9 pu, 1 above 1.1 pu, 0 between; undefined where nothing arrived. */
const sideOf = (volts: number | undefined): number | undefined =>
  volts === undefined || Number.isNaN(volts) ? undefined : volts < 0.9 * nominalV ? -1 : volts > 1.1 * nominalV ? 1 : 0

/** Whether a second belongs to a variation of less than three minutes; up to five seconds in a row may be missing in one. */
function isBrief(volts: Float64Array, n: number): boolean {
  const side = sideOf(volts[n])
  if (side === 0 || side === undefined) return false
  const reach = (step: 1 | -1): number => {
    let last = n
    for (let missing = 0, next = n + step; missing <= 5; next += step) {
      const there = next < 0 ? undefined : sideOf(volts[next])
      if (there === undefined) missing++
      else if (there !== side) break
      else [last, missing] = [next, 0]
    }
    return last
  }
  return reach(1) - reach(-1) + 1 < 180
}

const bandOf = (volts: number | null): FoundWindow['bands'][0] => {
  if (volts === null) return null
  if (volts < 191 || volts > 233) return 'critical'
  return volts < 202 || volts > 231 ? 'precarious' : 'adequate'
}

/** What a window and the recomputed one disagree about; undefined where about nothing. */
function disagreement(found: FoundWindow | undefined, expected: Expected): string | undefined {
  const same =
    found !== undefined &&
    found.reason === expected.reason &&
    Math.abs(found.coverage - expected.coverage) < 1e-6 &&
    [0, 1, 2].every((phase) => {
      const [one, other] = [found.volts[phase]!, expected.volts[phase]!]
      const near = one === null || other === null ? one === other : Math.abs(one - other) < 1e-9 * other
      return near && found.bands[phase] === expected.bands[phase]
    })
  return same ? undefined : `${JSON.stringify(found)} where ${JSON.stringify(expected)} was expected`
}

describe(`${count} seconds of three phases over a bad network, through mosquitto and the flows`, function () {
  this.timeout(600_000)
  let system: RunningSystem

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    system = await startSystem({ broker: 'mosquitto', env: { CLOCK: 'simulated' } })
    await unitWithMeter(system.database, { unit: 'house', meter: 'seconds', nominalV, phases: 'ABC' })
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lastLines())
    await system?.stop()
  })

  it('the windows are those of a slow recomputation: voltage, coverage, validity and its reason', async () => {
    const began = performance.now()
    const seconds = (): string => ((performance.now() - began) / 1_000).toFixed(0)
    const truth = generateSeconds(start, count, seed)
    const messages = await publish(system, truth)
    say(`${messages} messages published after ${seconds()} s`)
    const arriving = Array.from({ length: count }, (_, n) => n).filter((n) =>
      truth.volts.some((ofPhase) => !Number.isNaN(ofPhase[n])),
    )
    await readingsStored(system.database, arriving.length, 300_000)
    say(`${arriving.length} readings stored after ${seconds()} s`)
    const end = start + Math.ceil(count / windowSeconds) * windowSeconds * 1_000
    await tellTime(system, end + 4 * 3_600_000)
    await windowsClosed(system.database, end, 300_000)
    say(`windows closed and corrected after ${seconds()} s`)

    const found = new Map((await voltageWindows(system.database, 'seconds')).map((window) => [window.start, window]))
    const wrong: string[] = []
    const reasons = new Map<string, number>()
    for (let first = 0; first < count; first += windowSeconds) {
      const at = start + first * 1_000
      const expected = expectedWindow(truth, first)
      if (!expected && found.has(at)) wrong.push(`${new Date(at).toISOString()}: no reading, and yet a window`)
      if (!expected) continue
      const problem = disagreement(found.get(at), expected)
      if (problem !== undefined) wrong.push(`${new Date(at).toISOString()}: ${problem}`)
      const kind = expected.reason ?? expected.bands.join(' ')
      reasons.set(kind, (reasons.get(kind) ?? 0) + 1)
    }
    assert.deepEqual([wrong.slice(0, 5), wrong.length], [[], 0])
    const expectedCount = [...reasons.values()].reduce((sum, each) => sum + each, 0)
    assert.equal(found.size, expectedCount)
    // What was generated tells right from wrong in every way.
    for (const kind of ['interruption', 'vtcd', 'coverage', 'adequate adequate adequate'])
      assert.ok((reasons.get(kind) ?? 0) > 0, `no window was ${kind}`)
    say([...reasons].map(([kind, times]) => `${times} ${kind}`).join(', '))
    const { corrected } = await system.database.row<{ corrected: number }>(
      'select count(*)::float8 as corrected from voltage_correction',
    )
    say(`${corrected} corrections recorded`)
    assert.ok(corrected > 0)
  })
})
