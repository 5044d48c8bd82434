import { Client } from 'pg'
import { join } from 'node:path'
import { startSystem, type RunningSystem } from '../../flows/running-system.fixture.ts'
import { runProgram } from '../../flows/supervised.fixture.ts'
import { waitUntil } from '../../flows/waiting.fixture.ts'
import { installation } from '../../platform/runtime/installation.ts'
import { prepareRoles } from '../../platform/runtime/postgres-roles.ts'
import { migrate } from '../../platform/storage/migrate.ts'
import { testInfluxd } from '../../platform/storage/time-series-servers.fixture.ts'
import { panelIdOf } from '../../simulator/plant/plant-layout.ts'
import { AskedFor } from './asked-for.fixture.ts'
import { fieldAfter, fillScenario, minutesAfter, plantIds, type FillSize } from './fill-scenario.ts'
import { recordLines } from './line-recorder.fixture.ts'
import { repeatAll, repeatDays, type Repetition } from './month.fixture.ts'
import { newestReading, tellTime, whileFieldSends } from './sending-field.fixture.ts'

export interface FillOptions {
  readonly size: FillSize
  /** Seconds of the field in one of ours. */
  readonly speed: number
  /** How far back what the simulator sent is repeated. */
  readonly repetition: Repetition
}

/** Databases as they stand behind Grafana: what a role may only read, and the time series. */
export interface DatabasesToRead {
  readonly postgresql: string
  readonly influx: string
}

export interface FilledSystem {
  readonly filled: DatabasesToRead
  /** The same without any device, reading or person's deed. */
  readonly empty: DatabasesToRead
  /** Newest reading, UTC ms. */
  readonly to: number
  readonly database: RunningSystem['database']
  stop(): Promise<void>
}

/**
 * Another feeder, with a device on it, and another conjunto than those that dashboards open with; of plants one alone is registered with
 * all that its power is expected by.
 */
export const secondChoice = {
  ...{ feeder: 'feeder-02', device: 'meter-011', conjunto: '12346', site: plantIds[0] },
} as const

/** Devices of other kinds than those that their dashboard opens with: each kind has queries of its own. */
export const otherKinds = ['ev-001', panelIdOf(plantIds[0], 0)] as const

/** What the alarm nodes of the shipped flows leave to engineers: a limit for power and one for voltage. */
export const alarmLimits = { powerKw: 45.5, voltageV: 244.5 } as const

const reader = { name: 'linhaviva_reader', password: 'of-the-reader' }
const emptyDatabase = 'linhaviva_empty'
/** Seconds of the field in one of ours at most while an event is entered before it begins: what has just started is seconds of ours behind. */
const speedOfCall = 60
/** Results of events are computed a quarter of an hour after their end. */
const untilResultsMs = 20 * 60_000
/** A part of a day with sun, UTC: panels and what they lack are among what is looked at. */
const startHourUtc = 14

/** The next such part that ends after now: what persons did is known by the wall's clock, and must lie within what is looked at. */
function startOfField(minutes: number, now: number): number {
  const start = new Date(now)
  start.setUTCHours(startHourUtc, 0, 0, 0)
  if (start.getTime() + minutes * 60_000 < now + 600_000) start.setUTCDate(start.getUTCDate() + 1)
  return start.getTime()
}

/**
 * Starts PostgreSQL, InfluxDB and the shipped flows, lets the simulator send and persons act; repeats over the days before, while the
 * flows are stopped, what baselines and forecasts are made of, and lets the flows run on for a while, so that they are made; in the end
 * all the rest is repeated: readings as InfluxDB was sent them, and what PostgreSQL made of them and of what persons did.
 */
export async function fillSystem(options: FillOptions, progress: (line: string) => void): Promise<FilledSystem> {
  const influx = await testInfluxd()
  const stops: (() => Promise<void>)[] = [() => influx.remove()]
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each()
  }
  try {
    const recorder = await recordLines(influx.settings.url)
    stops.push(() => recorder.close())
    const system = await startSystem({
      broker: 'embedded',
      env: {
        ...{ CLOCK: 'simulated', REQUESTS_PER_MINUTE: '1000000', LOG_LEVEL: 'warn' },
        ...{ INFLUX_URL: recorder.url, INFLUX_VERSION: '1', INFLUX_BUCKET: influx.settings.bucket },
      },
    })
    stops.push(() => system.stop())
    const { host, port } = system.database.running
    const login = `postgres://${reader.name}:${reader.password}@${host}:${port}`
    await makeReadable(system)
    await influx.query(`create database ${emptyDatabase}`)
    await register(system)
    progress('the platform runs, and its registry is imported')

    const span = await liveThrough(system, options, progress)
    const to = await newestReading(system)
    await system.nodeRed.stop()
    await enterAlarmRule(system)
    await repeatAll(system.database, influx.settings, recorder.lines, { ...options.repetition, ...span }, progress)
    progress(`what came in is repeated over ${options.repetition.days} days`)
    return {
      filled: {
        postgresql: `${login}/${system.database.running.database}`,
        influx: `${influx.settings.url}/${influx.settings.bucket}`,
      },
      empty: { postgresql: `${login}/${emptyDatabase}`, influx: `${influx.settings.url}/${emptyDatabase}` },
      ...{ to, database: system.database, stop },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Everything that happens, up to where the flows have nothing left to make of it. @returns when it began and ended, UTC ms */
async function liveThrough(
  system: RunningSystem,
  { size, speed, repetition }: FillOptions,
  progress: (line: string) => void,
): Promise<{ readonly start: number; readonly end: number }> {
  const asked = new AskedFor(system.nodeRed.url, size.minutes)
  const start = startOfField(size.minutes + minutesAfter, Date.now())
  const shiftEnd = await whileFieldSends(system, fillScenario(size), { start, speed }, async ({ comesTo }) => {
    await comesTo(0.1)
    await asked.early()
    progress('the field sends, and persons have acted')
    await comesTo(0.5)
    await asked.later()
  })
  progress('the field is through')

  await system.nodeRed.stop()
  await repeatDays(system.database, { ...repetition, start, end: shiftEnd })
  await system.nodeRed.start()
  await system.nodeRed.healthy()
  const slower = { start: shiftEnd, speed: Math.min(speed, speedOfCall) }
  const end = await whileFieldSends(system, fieldAfter(size), slower, async ({ comesTo, end }) => {
    await comesTo(0.1)
    await asked.afterwards(end - 12 * 60_000)
  })
  await tellTime(system, end + untilResultsMs)
  await pastIsKnown(system)
  progress('the field was back for a while, and what is made of earlier days is made')
  return { start, end }
}

/** The role of Grafana, and a database that nothing comes to. */
async function makeReadable({ database }: RunningSystem): Promise<void> {
  const { owner, running, superuser } = database
  const role = { ...reader, owns: false }
  const client = new Client(superuser)
  await client.connect()
  try {
    await prepareRoles(client, running.database, [role])
    await prepareRoles(client, emptyDatabase, [
      { name: owner.user, password: owner.password, owns: true },
      { name: running.user, password: running.password, owns: false },
      role,
    ])
  } finally {
    await client.end()
  }
  for (const name of [running.database, emptyDatabase])
    await migrate({ ...owner, database: name }, running.user, () => undefined, reader.name)
}

/** The registry and the registers of the examples, as an engineer imports them. */
async function register({ database, dataDir }: RunningSystem): Promise<void> {
  const { host, port, user, password, database: name } = database.running
  const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: name }
  for (const [program, folder] of [
    ['network/registry-cli.js', 'registry'],
    ['network/registry-cli.js', 'registry-solar'],
    ['../nodes/continuity/registers/registers-cli.js', 'registers'],
  ] as const) {
    const paths = ['import', join(installation, 'docs', folder)]
    const { code, out, err } = await runProgram(program, paths, { ...login, DATA_DIR: dataDir })
    if (code !== 0) throw new Error(`docs/${folder} is not taken: ${out}${err}`)
  }
}

/** As an alarm node does at a deploy, while no flow runs that takes out what is not its own. */
async function enterAlarmRule({ database }: RunningSystem): Promise<void> {
  const limit = (measure: string, setPoint: number): object => ({
    ...{ type: 'limit', measure, level: 'H', setPoint, deadband: 1 },
  })
  const criterion = {
    scope: { kind: 'meter', derType: null, feederIds: [], deviceIds: [] },
    leaves: [limit('p_kw', alarmLimits.powerKw), limit('va_v', alarmLimits.voltageV)],
    logic: { type: 'or', of: [0, 1].map((leaf) => ({ type: 'leaf', leaf })) },
  }
  await database.query(
    `insert into alarm_rule (name, node_id, criterion, definition, entered_at) values ('beyond limits', 'engineer', $1, '{}', '2026-01-01Z')`,
    [criterion],
  )
}

/**
 * What is made of earlier days, and what is told late: results of events, forecasts of plants, and setpoints in InfluxDB, which are
 * written there a minute after they were given.
 */
const pastIsKnown = (system: RunningSystem): Promise<boolean> =>
  waitUntil(
    'results of events, forecasts of plants and setpoints',
    async () => Object.values(await known(system)).every(Boolean),
    {
      ...{ withinMs: 120_000, everyMs: 250 },
      explain: async () =>
        [JSON.stringify(await known(system)), await whyNoResults(system), system.lastLines()].join('\n'),
    },
  )

const known = ({ database }: RunningSystem): Promise<Record<'results' | 'forecasts' | 'setpoints', boolean>> =>
  database.row(
    `select (select count(distinct feeder_id) from dr_result where baseline_kwh is not null) = 2 as results,
       exists (select from solar_plant_maintenance) as forecasts,
       exists (select from consumer_cursor where consumer = 'tracking setpoints' and position > 0) as setpoints`,
  )

const whyNoResults = async ({ database }: RunningSystem): Promise<string> =>
  JSON.stringify(await database.query('select event_id, feeder_id, reason from dr_result where baseline_kwh is null'))
