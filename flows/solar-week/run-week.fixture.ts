import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFlags, type FieldFlags } from '../../simulator/flags.ts'
import { panelIdOf, usualFacts } from '../../simulator/plant/plant-layout.ts'
import { runField } from '../../simulator/run-field.ts'
import { fieldSettings } from '../../simulator/settings.ts'
import { startSystem, type RunningSystem } from '../running-system.fixture.ts'
import { runProgram } from '../supervised.fixture.ts'
import { Visitor } from '../users.fixture.ts'
import { waitUntil } from '../waiting.fixture.ts'
import { callsOf, type ToldAnomaly } from './flow-calls.ts'
import type { Options } from './options.ts'
import type { Week } from './report.ts'
import { weekLabels, weekScenario } from './week-scenario.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
/** The newest slots are judged when their minute is over: the last hour of the night has none that tells anything. */
const unjudgedMs = hourMs
const { siteId } = usualFacts

/** Starts everything, lets the week pass, and says what was seen. */
export async function runWeek(
  options: Options,
  progress: (line: string) => void,
  onLine: (line: string) => void,
): Promise<Week> {
  const env = { CLOCK: 'simulated', REQUESTS_PER_MINUTE: '1000000' }
  const system = await startSystem({ broker: 'embedded', env, onLine })
  try {
    await register(system, options.panels)
    const scenario = weekScenario(options)
    const flags = readFlags(['--speed', String(options.speed), '--url', system.brokerUrl], {}) as FieldFlags
    const settings = fieldSettings(flags, scenario, Date.now())
    const { start, durationMs } = settings
    const began = performance.now()
    progress(`${options.panels} panels, ${options.days} days from ${new Date(start).toISOString()} on`)
    const field = runField(settings, { url: system.brokerUrl, ...system.field }, { say: onLine, warn: onLine })
    const over = field.over.then(() => progress('the field is through'))
    for (let day = 1; day <= options.days; day += 1) {
      if (options.kill && day === 4) {
        await came(system, start + (day - 0.5) * dayMs)
        await system.nodeRed.kill()
        await system.nodeRed.start()
        progress('Node-RED was killed, and started again')
      }
      await came(system, start + day * dayMs - unjudgedMs)
      progress(`day ${day} is judged; ${await readingsOf(system)} readings are stored`)
    }
    await over
    const sent = options.panels * (durationMs / settings.intervalMs)
    // What is not stored a minute after the last was acknowledged is lost.
    await waitUntil('all readings', async () => (await knownOf(system)) >= sent, {
      withinMs: 60_000,
    }).catch((error: unknown) => onLine(String(error)))
    const machineMs = performance.now() - began
    const calls = callsOf(await anomaliesOf(system))
    await field.stop()
    return {
      seed: options.seed,
      seen: {
        ...{ labels: weekLabels(options, scenario, start), calls },
        ...{ from: start, to: start + durationMs, panels: options.panels },
      },
      ...{ sent, stored: await readingsOf(system), quarantined: await quarantineOf(system), machineMs },
    }
  } finally {
    await system.stop()
  }
}

/** Imports a registry with the plant, as an engineer does. */
async function register(system: RunningSystem, panels: number): Promise<void> {
  const { place, tiltDeg, azimuthDeg, ratedW, ratedV, gammaPerC, noctC, clipsAtW } = usualFacts
  const device = (index: number) => [
    panelIdOf(siteId, index),
    'panel',
    siteId,
    'feeder-02',
    ratedW / 1_000,
    tiltDeg,
    azimuthDeg,
    gammaPerC,
    noctC,
    ratedV,
  ]
  const files = {
    feeders: [
      ['feeder_id', 'name'],
      ['feeder-02', 'Feeder 2'],
    ],
    sites: [
      ['site_id', 'feeder_id', 'latitude', 'longitude', 'inverter_limit_kw'],
      [siteId, 'feeder-02', place.latitude, place.longitude, (clipsAtW * panels) / 1_000],
    ],
    devices: [
      'device_id,kind,site_id,feeder_id,rated_kw,tilt_deg,azimuth_deg,gamma_per_c,noct_c,rated_v'.split(','),
      ...Array.from({ length: panels }, (_, index) => device(index)),
    ],
  }
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-week-'))
  try {
    for (const [name, rows] of Object.entries(files))
      writeFileSync(join(folder, `${name}.csv`), rows.map((row) => `${row.join(',')}\n`).join(''))
    const { host, port, user, password, database } = system.database.running
    const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: database }
    const asked = ['import', folder]
    const { code, out, err } = await runProgram('network/registry-cli.js', asked, {
      ...login,
      DATA_DIR: system.dataDir,
    })
    if (code !== 0) throw new Error(`the registry does not take the plant: ${out}${err}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Waits until the detectors have come to an instant of the field, UTC ms. */
async function came(system: RunningSystem, at: number): Promise<void> {
  const judged = async (): Promise<number> => {
    const [row] = await system.database.query<{ at: number | null }>(
      `select min(extract(epoch from until))::float8 * 1000 as at from solar_cursor where consumer = 'anomaly'`,
    )
    return row?.at ?? 0
  }
  await waitUntil(`the detectors at ${new Date(at).toISOString()}`, async () => (await judged()) >= at, {
    ...{
      withinMs: 4 * hourMs,
      everyMs: 2_000,
      explain: async () => `they are at ${new Date(await judged()).toISOString()}`,
    },
  })
}

async function countOf(system: RunningSystem, table: string): Promise<number> {
  const [row] = await system.database.query<{ count: number }>(`select count(*)::float8 as count from ${table}`)
  return row!.count
}

/** Stored, or refused and kept for people to look at. */
const knownOf = async (system: RunningSystem): Promise<number> =>
  Object.values(await quarantineOf(system)).reduce((sum, count) => sum + count, await readingsOf(system))

const readingsOf = (system: RunningSystem): Promise<number> => countOf(system, 'panel_reading')

async function quarantineOf(system: RunningSystem): Promise<Record<string, number>> {
  const rows = await system.database.query<{ reason: string; count: number }>(
    'select reason::text, sum(count)::float8 as count from quarantine_count group by reason',
  )
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]))
}

async function anomaliesOf(system: RunningSystem): Promise<ToldAnomaly[]> {
  const viewer = new Visitor(system.nodeRed.url, 'viewer')
  const all: ToldAnomaly[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const after = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const response = await viewer.fetch(`/api/anomalies?limit=200${after}`)
    const text = await response.text()
    if (!response.ok) throw new Error(`GET /api/anomalies: ${response.status} ${text}`)
    const page = JSON.parse(text) as { items: ToldAnomaly[]; nextCursor: string | null }
    all.push(...page.items)
    cursor = page.nextCursor
  }
  return all
}
