import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual, promisify } from 'node:util'
import { after, before, describe, it } from 'mocha'
import { indicatorsOf } from '../nodes/voltage/domain/indicators.ts'
import { type RunWindow, runsOf } from '../nodes/voltage/domain/runs.ts'
import { transgressionRules } from '../nodes/voltage/domain/transgression.ts'
import { windowMs } from '../nodes/voltage/domain/windows.ts'
import { installation } from '../platform/runtime/installation.ts'
import { onLines } from '../platform/runtime/lines.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { anyMoment, type RunningSystem, startSystem } from './running-system.fixture.ts'
import { readingsStored, tellTime, unitWithMeter, voltageWindows, windowsClosed } from './voltage-windows.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** A consumer unit's 10-minute means of a whole year; not part of the project. */
const recording = join(installation, '../shared/data/voltage-10min-2008.csv')
const nominalV = 230

/** Rows of the recording that have a voltage: the beginning of the window, UTC milliseconds, and volts. */
function recorded(): { start: number; volts: number }[] {
  const [, ...rows] = readFileSync(recording, 'utf8').trim().split('\n')
  return rows.flatMap((row) => {
    const [start, volts] = row.split(',')
    return volts ? [{ start: Date.parse(start!), volts: Number(volts) }] : []
  })
}

/** Replays it as a meter, the year in half a minute. Timestamps of the recording begin the interval, those of the contract end it. */
async function replay(system: RunningSystem, device: string): Promise<void> {
  const program = join(installation, 'dist/simulator/replay.js')
  const flags = ['--map', 'va_v=voltage_v', '--set', 'interval_s=600,aggregation=mean', '--timestamp-is', 'start']
  const args = ['--file', recording, '--device', device, '--url', system.brokerUrl, ...flags, '--speed', '1000000']
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...system.fieldEnv },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) onLines(stream, (line) => lines.push(line))
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => resolve(ended ?? 1)))
  assert.equal(code, 0, lines.join('\n'))
}

/** What the command line says of the recording. */
async function told(): Promise<Measurement[]> {
  const args = ['run', '-s', 'quality', '--', 'voltage', '--csv', recording, '--nominal', String(nominalV), '--json']
  const { stdout } = await promisify(execFile)('npm', args, { cwd: installation, maxBuffer: 1e8 })
  return JSON.parse(stdout) as Measurement[]
}

/** What the windows of a measuring point come to, measurement by measurement, in the form of the command line. */
function measured(windows: Iterable<RunWindow>): Measurement[] {
  const rule = transgressionRules[0]!.value
  return [...runsOf(windows, rule.windows)].map((run) => {
    const { nlp, nlc, drpPct, drcPct } = indicatorsOf(run, '2008-01-01')
    const [start, end] = [new Date(run.start).toISOString(), new Date(run.end).toISOString()]
    const { valid, invalid } = run
    return { ...{ start, end, valid, invalid, nlp, nlc }, drp: drpPct, drc: drcPct, compensation: null }
  })
}

interface Measurement {
  readonly start: string
  readonly end: string
  readonly valid: number
  readonly invalid: number
  readonly nlp: number
  readonly nlc: number
  readonly drp: number
  readonly drc: number
  readonly compensation: null
}

describe('the voltage of a recorded year, through the broker and the flows', function () {
  this.timeout(300_000)
  let system: RunningSystem
  const rows = existsSync(recording) ? recorded() : []

  before(async function () {
    const missing = !existsSync(recording)
      ? `skipped: the recording is not there (${recording})`
      : hasMosquitto
        ? undefined
        : withoutMosquitto
    if (missing !== undefined) {
      say(missing)
      this.skip()
    }
    system = await startSystem({
      broker: 'mosquitto',
      env: { CLOCK: 'simulated', VOLTAGE_WINDOW_RETENTION_DAYS: '400' },
    })
    await unitWithMeter(system.database, { unit: 'paris', meter: 'recorded', nominalV, phases: 'A' })
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lastLines())
    await system?.stop()
  })

  it('is a window for each value, to the last bit, whatever was killed meanwhile', async () => {
    const began = performance.now()
    const seconds = (): string => ((performance.now() - began) / 1_000).toFixed(0)
    const replaying = replay(system, 'recorded')
    for (const share of [0.2, 0.6]) {
      await waitUntil(
        `windows of ${share} of the year`,
        async () => (await windowCount(system)) >= share * rows.length,
        { everyMs: 20, withinMs: 120_000 },
      )
      await anyMoment(300)
      const { clock } = await system.nodeRed.health()
      await system.nodeRed.kill()
      say(`Node-RED killed after ${seconds()} s, at ${clock.at}`)
      await system.nodeRed.start()
    }
    await replaying
    const end = rows.at(-1)!.start + windowMs
    await readingsStored(system.database, rows.length)
    await tellTime(system, end + windowMs)
    await windowsClosed(system.database, end)
    say(`${rows.length} readings, and all windows after ${seconds()} s`)
    const windows = await voltageWindows(system.database, 'recorded')
    const found = new Map(windows.map(({ start, volts, coverage, reason }) => [start, { volts, coverage, reason }]))
    const differing = rows.flatMap(({ start, volts }) => {
      const [is, expected] = [found.get(start), { volts: [volts, null, null], coverage: 1, reason: null }]
      return isDeepStrictEqual(is, expected) ? [] : [{ start: new Date(start).toISOString(), is, expected }]
    })
    // Of 52,694 that differ nobody reads more than some.
    assert.deepEqual([differing.slice(0, 5), differing.length, found.size], [[], 0, rows.length])
  })

  it('comes to the measurements that the command line says of the file, each the same', async () => {
    const windows = await voltageWindows(system.database, 'recorded')
    const found = measured(windows.map(({ start, bands, reason }) => ({ start, bands, ...(reason && invalid) })))
    const expected = await told()
    assert.deepEqual(found, expected)
    const broken = expected.filter(({ drp }) => drp > 3).length
    say(`${expected.length} measurements, of which ${broken} break DRP`)
    assert.ok(expected.length > 50 && broken > 50)
  })
})

const invalid = { invalid: { reason: 'coverage', evidence: {} } } as const

const windowCount = async ({ database }: RunningSystem): Promise<number> =>
  (await database.row<{ count: number }>('select count(*)::float8 as count from voltage_window')).count
