import { BadFlag, readCommandLine } from '../../platform/runtime/flags.ts'
import { dashboardNames, type DashboardName } from '../code/dashboard-names.ts'

/** What `npm run grafana:check` is asked for. */
export interface Options {
  readonly postgresql: string
  readonly influx: string
  /** All of them unless given. */
  readonly dashboard?: DashboardName
  /** As Grafana takes it; of each dashboard its own unless given. */
  readonly from?: string
  readonly to: string
  readonly chosen: Readonly<Record<string, string>>
  readonly verbose: boolean
}

export const help = `Runs the query of every panel of the dashboards, as Grafana would, and shows what each would.

  npm run grafana:check -- --postgresql URL --influx URL [flags]

  --postgresql URL  postgres://user:password@host:port/database, of the role that Grafana reads as
  --influx URL      http://host:port/database, InfluxDB 1, or 2 without a token
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
    ...{ verbose: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (flags.has('help')) return undefined
  if (words[0] !== undefined) throw new BadFlag(`"${words[0]}" is no flag (see --help)`)
  const needed = (name: 'postgresql' | 'influx'): string => {
    const value = flags.get(name)
    if (value === undefined || !URL.canParse(value)) throw new BadFlag(`--${name} needs an address (see --help)`)
    return value
  }
  const dashboard = flags.get('dashboard')
  if (dashboard !== undefined && !Object.hasOwn(dashboardNames, dashboard))
    throw new BadFlag(`no dashboard "${dashboard}" (see --help)`)
  const from = flags.get('from')
  return {
    ...{ postgresql: needed('postgresql'), influx: needed('influx'), to: flags.get('to') ?? 'now' },
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
