import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { readTopic } from '../platform/wire/contract.ts'
import type { Reason } from '../platform/wire/reasons.ts'
import { deviceFaults, messageFaults, type FaultName } from '../platform/wire/simulation.ts'
import { Faults, type SentMessage } from '../simulator/faults.ts'
import { readFlags, type FieldFlags } from '../simulator/flags.ts'
import { loadScenario } from '../simulator/scenario-files.ts'
import { fieldSettings } from '../simulator/settings.ts'
import { Simulation } from '../simulator/simulation.ts'
import { hasMosquitto } from './mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { runSimulator } from './simulator-process.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** What becomes of a message with a fault; of the others nothing is quarantined. */
const reasonOf: Partial<Record<FaultName, Reason>> = {
  malformed: 'bad_json',
  out_of_range: 'out_of_range',
  missing_field: 'missing_field',
  mislabelled: 'topic_mismatch',
  conflicting: 'conflicting_duplicate',
  clock_ahead: 'too_far_ahead',
  clock_behind: 'too_old',
}
/** One value of each kind of reading tells readings of one instant apart. */
const told = { der: 'p_actual_kw', panel: 'temperature_celsius', meter: 'va_v' } as const
type Series = keyof typeof told
const series = Object.keys(told) as Series[]
const heldMs = 300_000
/** Between the readings that come at once and those held back. */
const lateAfterSeconds = 240

/** What a run of the simulator sends, worked out without it. */
function sentBy(args: readonly string[]): { steps: { at: number; sent: SentMessage[] }[]; faults: Faults } {
  const flags = readFlags(args, {}) as FieldFlags
  const {
    field,
    seed,
    start,
    intervalMs,
    script,
    faults: periods,
    durationMs,
  } = fieldSettings(flags, loadScenario(flags.scenario!), Date.now())
  const simulation = new Simulation(field, seed, start, intervalMs, script)
  const faults = new Faults(seed, periods)
  const steps: { at: number; sent: SentMessage[] }[] = []
  for (let at = start; at < start + durationMs; at += intervalMs)
    steps.push({ at, sent: faults.apply(simulation.step(at), at) })
  return { steps, faults }
}

describe('an hour of bad data, in less than a minute of simulated time', function () {
  this.timeout(240_000)
  const broker = hasMosquitto ? 'mosquitto' : 'embedded'
  const args = ['--scenario', 'bad-data', '--interval', '5', '--speed', '80', '--start', '2026-01-15T10:00:00-03:00']
  const { steps, faults } = sentBy(args)
  const { counts } = faults
  let system: RunningSystem
  let output = ''

  before(async () => {
    system = await startSystem({ broker, env: { CLOCK: 'simulated', LATE_AFTER_SECONDS: String(lateAfterSeconds) } })
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(`${output}\n${system?.lastLines()}`)
    await system?.stop()
  })

  /** Sound readings as they should be stored: by series, device and instant, with the value that came first. */
  function expectedRows(): Map<string, { value: number; delayMs: number }> {
    const rows = new Map<string, { value: number; delayMs: number }>()
    for (const { at, sent } of steps)
      for (const { topic, payload } of sent) {
        const { kind, deviceId } = readTopic(topic)!
        const value = kind in told ? soundValue(kind as Series, deviceId, payload, at) : undefined
        if (value === undefined) continue
        const key = `${kind} ${deviceId} ${value.instant}`
        if (!rows.has(key)) rows.set(key, { value: value.told, delayMs: at - value.instant })
      }
    return rows
  }

  /** What a sound payload tells, undefined where it is none; said here anew, not asked of what is tested. */
  function soundValue(kind: Series, deviceId: string, payload: string, at: number) {
    let body: Record<string, unknown>
    try {
      body = JSON.parse(payload) as Record<string, unknown>
    } catch {
      return undefined
    }
    const instant = Date.parse(String(body['timestamp']))
    const value = body[told[kind]]
    const whole = {
      der: ['type', 'site_id', 'p_max_kw', 'feeder_id'],
      panel: ['voltage_volts', 'current_amperes', 'power_output_watts'],
      meter: ['interval_s', 'aggregation'],
    }
    if (typeof value !== 'number' || whole[kind].some((name) => body[name] === undefined)) return undefined
    if (body[{ der: 'deviceId', panel: 'panel_id', meter: 'meter_id' }[kind]] !== deviceId) return undefined
    if (!(instant <= at + 60_000) || instant < at - 86_400_000) return undefined
    if (Math.abs(value) > 100_000 || (kind === 'panel' && value > 80) || Number(body['frequency_hz'] ?? 60) > 80)
      return undefined
    return { instant, told: body['type'] === 'pv' ? -value + 0 : value }
  }

  const quarantined = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await system.database.query<{ reason: string; count: number }>(
          'select reason, sum(count)::float8 as count from quarantine_count group by 1',
        )
      ).map(({ reason, count }) => [reason, count]),
    )

  it('is sent as it was worked out beforehand, fault by fault', async () => {
    const run = await runSimulator([...args, '--url', system.brokerUrl], system.fieldEnv)
    output = run.output
    assert.equal(run.code, 0)
    const line = output.split('\n').find((text) => text.includes('faults:'))!
    say(line)
    const injected = Object.fromEntries(
      [...line.matchAll(/(\w+) (\d+)/g)].map(([, name, count]) => [name, Number(count)]),
    )
    for (const name of [...messageFaults, ...deviceFaults]) {
      assert.ok(counts[name] > 0, name)
      assert.equal(injected[name], counts[name], name)
    }
    assert.equal(faults.heldBack, 0)
  })

  it('quarantine counts, by reason, are what was injected', async () => {
    const expected = Object.fromEntries(
      Object.entries(reasonOf).map(([name, reason]) => [reason, counts[name as FaultName]]),
    )
    const total = (of: Record<string, number>) => Object.values(of).reduce((sum, count) => sum + count, 0)
    await waitUntil(
      'all to be settled',
      async () =>
        total(await quarantined()) >= total(expected) && (await system.nodeRed.health()).ingest.inFlight === 0,
      { withinMs: 60_000, explain: async () => JSON.stringify(await quarantined()) },
    )
    assert.deepEqual(await quarantined(), expected)
  })

  it('everything sound is stored, once, with the value that came first; and nothing else is', async () => {
    const rows = expectedRows()
    const { ingest } = await system.nodeRed.health()
    for (const kind of series) {
      const stored = await system.database.query<{ key: string; value: number }>(
        `select '${kind} ' || device_id || ' ' || (extract(epoch from at) * 1000)::bigint as key, ${told[kind]} as value
         from ${kind}_reading join device using (device_key)`,
      )
      const expected = new Map(
        [...rows].filter(([key]) => key.startsWith(`${kind} `)).map(([key, { value }]) => [key, value]),
      )
      assert.deepEqual(new Map(stored.map(({ key, value }) => [key, value])), expected)
      assert.equal(stored.length, expected.size)
      say(`${stored.length} readings of ${kind}`)
    }
    // Mosquitto delivers once unless a connection breaks: what is double was sent double.
    assert.equal(ingest.duplicates, counts.duplicate)
  })

  it('late readings are marked late, and those that came in time are not', async () => {
    const rows = expectedRows()
    const qualities = new Map<string, string>()
    for (const kind of series)
      for (const { key, quality } of await system.database.query<{ key: string; quality: string }>(
        `select '${kind} ' || device_id || ' ' || (extract(epoch from at) * 1000)::bigint as key, quality::text
         from ${kind}_reading join device using (device_key)`,
      ))
        qualities.set(key, quality)
    const held = [...rows].filter(([, { delayMs }]) => delayMs >= heldMs).map(([key]) => key)
    assert.ok(held.length >= counts.late)
    assert.deepEqual([...new Set(held.map((key) => qualities.get(key)))], ['late'])
    // A machine that stalls for three seconds makes four minutes of them: then some that were in time are late, too.
    const inTime = [...rows].filter(([, { delayMs }]) => delayMs === 0).map(([key]) => qualities.get(key))
    const good = inTime.filter((quality) => quality === 'good').length
    say(`${held.length} late, ${good} of ${inTime.length} others in time`)
    assert.ok(good > inTime.length / 2)
  })

  it('an interruption arrives as events of its meters and of its switch, once each', async () => {
    const run = await runSimulator(
      [
        ...['--scenario', 'interruption', '--interval', '10', '--speed', '200', '--start', '2026-01-16T10:00:00-03:00'],
        ...['--url', system.brokerUrl],
      ],
      system.fieldEnv,
    )
    output = run.output
    assert.equal(run.code, 0)
    const events = async () =>
      system.database.query<{ type: string; cause: string | null; count: number; minute: number }>(
        `select type::text, cause, count(*)::float8 as count,
           (extract(epoch from min(at) - '2026-01-16T13:00:00Z') / 60)::float8 as minute
         from field_event where at > '2026-01-16' group by 1, 2 order by 4, 1`,
      )
    await waitUntil('the last event', async () => (await events()).length >= 4, {
      explain: async () => JSON.stringify(await events()),
    })
    assert.deepEqual(await events(), [
      { type: 'power_lost', cause: 'tree on the line', count: 10, minute: 5 },
      { type: 'power_restored', cause: null, count: 10, minute: 17 },
      { type: 'switch_closed', cause: 'restoration of feeder-02', count: 1, minute: 17 },
      { type: 'switch_opened', cause: 'restoration of feeder-02', count: 1, minute: 47 },
    ])
    const { dark } = await system.database.row<{ dark: number }>(
      `select count(*)::float8 as dark from meter_reading join device using (device_key)
       where device_id > 'meter-010' and device_id <= 'meter-020'
         and at >= '2026-01-16T13:05:00Z' and at < '2026-01-16T13:17:00Z'`,
    )
    assert.equal(dark, 0)
  })
})
