import { BadFlag, readCommandLine } from '../../platform/runtime/flags.ts'
import { dashboardNames, type DashboardName } from '../code/dashboard-names.ts'

/** What `npm run grafana:check` is asked for. */
export interface Options {
  /** Databases that are there; absent: they are started, and filled by the simulator. */
  readonly databases?: { readonly postgresql: string; readonly influx: string }
  /** Of the field's time, that databases are filled with. */
  readonly days: number
  /** The same of readings, minutes and points in InfluxDB. */
  readonly singleDays: number
  /** Seconds of the field in one of ours, while they are. */
  readonly speed: number
  /** All of them unless given. */
  readonly dashboard?: DashboardName
  /** As Grafana takes it; of each dashboard its own unless given. */
  readonly from?: string
  readonly to: string
  readonly chosen: Readonly<Record<string, string>>
  readonly verbose: boolean
}

export const help = `Runs the query of every panel of the dashboards, as Grafana would, and shows what each would.

  npm run grafana:check [-- flags]
  npm run grafana:check -- --postgresql URL --influx URL [flags]

Without databases it starts a PostgreSQL and an InfluxDB (influxd 1, of the system), fills them by the shipped flows and the
simulator, repeats what came in over a month, and looks three times: as dashboards open, with others chosen, and at an empty system.

  --postgresql URL  postgres://user:password@host:port/database, of the role that Grafana reads as
  --influx URL      http://host:port/database, InfluxDB 1, or 2 without a token
  --days N          how far back the fill reaches (1 to 62, default 31)
  --single-days N   and of readings, minutes and points in InfluxDB (1 to 62, default 2): 31 take a quarter of an hour
  --speed N         of the simulator, seconds of the field in one of ours (1 to 2000, default 240)
  --dashboard D     one alone: ${Object.keys(dashboardNames).join(', ')}
  --from T, --to T  what is looked at: now, now-6h, 2026-11-22T12:00:00Z (default: as the dashboard opens, up to now)
  --choose V=X,…    what is chosen of variables: feeder=feeder-02,device=meter-015 (default: the first, or all)
  --verbose         every query as it is sent, and its first values
  --help            this text
`

/** @returns undefined where help is asked for @throws BadFlag */
export function readOptions(args: readonly string[]): Options | undefined {
  const { flags, words } = readCommandLine(args, {
    ...{ postgresql: { type: 'string' }, influx: { type: 'string' }, dashboard: { type: 'string' } },
    ...{ from: { type: 'string' }, to: { type: 'string' }, choose: { type: 'string' } },
    ...{ days: { type: 'string' }, 'single-days': { type: 'string' }, speed: { type: 'string' } },
    ...{ verbose: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (flags.has('help')) return undefined
  if (words[0] !== undefined) throw new BadFlag(`"${words[0]}" is no flag (see --help)`)
  const address = (name: 'postgresql' | 'influx'): string => {
    const value = flags.get(name)
    if (value === undefined || !URL.canParse(value)) throw new BadFlag(`--${name} needs an address (see --help)`)
    return value
  }
  const given = flags.has('postgresql') || flags.has('influx')
  const whole = (name: 'days' | 'single-days' | 'speed', usual: number, most: number): number => {
    const value = Number(flags.get(name) ?? usual)
    if (!Number.isInteger(value) || value < 1 || value > most) throw new BadFlag(`--${name} takes 1 to ${most}`)
    return value
  }
  const dashboard = flags.get('dashboard')
  if (dashboard !== undefined && !Object.hasOwn(dashboardNames, dashboard))
    throw new BadFlag(`no dashboard "${dashboard}" (see --help)`)
  const from = flags.get('from')
  return {
    ...(given && { databases: { postgresql: address('postgresql'), influx: address('influx') } }),
    ...{
      days: whole('days', 31, 62),
      singleDays: whole('single-days', 2, 62),
      speed: whole('speed', 240, 2_000),
      to: flags.get('to') ?? 'now',
    },
    ...(dashboard !== undefined && { dashboard: dashboard as DashboardName }),
    ...(from !== undefined && { from }),
    ...{ chosen: chosenOf(flags.get('choose') ?? ''), verbose: flags.has('verbose') },
  }
}

const chosenOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .filter(Boolean)
      .map((pair) => {
        const [, name, value] = /^(\w+)=(.+)$/.exec(pair) ?? []
        if (name === undefined) throw new BadFlag(`--choose takes variable=value, got "${pair}"`)
        return [name, value!]
      }),
  )
