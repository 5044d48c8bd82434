import { Client } from 'pg'
import { join } from 'node:path'
import { startSystem, type RunningSystem } from '../../flows/running-system.fixture.ts'
import { runProgram } from '../../flows/supervised.fixture.ts'
import { waitUntil } from '../../flows/waiting.fixture.ts'
import { installation } from '../../platform/runtime/installation.ts'
import { prepareRoles } from '../../platform/runtime/postgres-roles.ts'
import { migrate } from '../../platform/storage/migrate.ts'
import { testInfluxd } from '../../platform/storage/time-series-servers.fixture.ts'
import { readFlags, type FieldFlags } from '../../simulator/flags.ts'
import { runField } from '../../simulator/run-field.ts'
import { fieldSettings } from '../../simulator/settings.ts'
import { AskedFor } from './asked-for.fixture.ts'
import { fillScenario, plantIds, type FillSize } from './fill-scenario.ts'
import { recordLines } from './line-recorder.fixture.ts'
import { repeatOver, type Repetition } from './month.fixture.ts'

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
 * Another feeder, with a device on it, and another conjunto than those that dashboards open with; of plants one alone is registered with all that its power
 * is expected by.
 */
export const secondChoice = {
  ...{ feeder: 'feeder-02', device: 'meter-011', conjunto: '12346', site: plantIds[0] },
} as const

/** What a fill of hours does not bring about, with why: these panels are asked all the same. */
export const notFilled: Readonly<Record<string, string>> = {
  'Setpoints por recurso': 'no car is told anything unless its feeder is short of power',
  'Manutenção da usina': 'it is forecast from days that are over',
  'Linha de base e medido': 'a baseline is of earlier days',
}
const reader = { name: 'linhaviva_reader', password: 'of-the-reader' }
const emptyDatabase = 'linhaviva_empty'
/** A part of a day with sun, UTC: panels and what they lack are among what is looked at. */
const startHourUtc = 14

/** The next such part that ends after now: what persons did is known by the wall's clock, and must lie within what is looked at. */
function startOfField(minutes: number, now: number): string {
  const start = new Date(now)
  start.setUTCHours(startHourUtc, 0, 0, 0)
  if (start.getTime() + minutes * 60_000 < now + 600_000) start.setUTCDate(start.getUTCDate() + 1)
  return start.toISOString()
}

/**
 * Starts PostgreSQL, InfluxDB and the shipped flows, lets the simulator send and persons act, ends the flows, and repeats what came
 * in over the time before: readings as InfluxDB was sent them, and what PostgreSQL made of them.
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

    const scenario = fillScenario(options.size)
    const flags = [
      '--speed',
      String(options.speed),
      '--start',
      startOfField(options.size.minutes, Date.now()),
      '--url',
      system.brokerUrl,
    ]
    const settings = fieldSettings(readFlags(flags, {}) as FieldFlags, scenario, Date.now())
    const end = settings.start + settings.durationMs
    const say = (): void => undefined
    const field = runField(settings, { url: system.brokerUrl, ...system.field }, { say, warn: say })
    stops.push(() => field.stop())
    const asked = new AskedFor(system.nodeRed.url, options.size.minutes)
    const comesTo = (share: number): Promise<boolean> =>
      fieldComes(system, settings.start + share * settings.durationMs)
    await comesTo(0.1)
    await asked.early()
    progress('the field sends, and persons have acted')
    await comesTo(0.5)
    await asked.later()
    await comesTo(0.98)
    await field.over
    await caughtUp(system)
    const to = await newestReading(system)
    progress(`the field is through: ${recorder.lines.length} points at InfluxDB`)
    await system.nodeRed.stop()

    await repeatOver(system.database, influx.settings, recorder.lines, {
      ...options.repetition,
      start: settings.start,
      end,
    })
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

const newestReading = async ({ database }: RunningSystem): Promise<number> =>
  (
    await database.row<{ at: number }>(
      'select coalesce(extract(epoch from max(at)) * 1000, 0)::float8 as at from latest_reading',
    )
  ).at

const fieldComes = (system: RunningSystem, at: number): Promise<boolean> =>
  waitUntil(`the field to come to ${new Date(at).toISOString()}`, async () => (await newestReading(system)) >= at, {
    ...{ withinMs: 280_000, everyMs: 250 },
    explain: async () => `${new Date(await newestReading(system)).toISOString()}\n${system.lastLines()}`,
  })

/** Everything that follows the log of commits has taken all of it. */
const caughtUp = (system: RunningSystem): Promise<boolean> =>
  waitUntil(
    'what follows the log to catch up',
    async () =>
      (
        await system.database.row<{ behind: boolean }>(
          `select exists (select from consumer_cursor where log = 'batch_log'
           and position < (select max(position) from batch_log)) as behind`,
        )
      ).behind === false,
    { withinMs: 120_000, everyMs: 250, explain: async () => system.lastLines() },
  )
