/** What a dashboard looks at, UTC milliseconds. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

const units: Readonly<Record<string, number>> = {
  ...{ ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 },
  // As Grafana counts intervals of these.
  ...{ M: 30 * 86_400_000, y: 365 * 86_400_000 },
}

/** Milliseconds of an interval as `10s` or `1.5h`. @throws RangeError where it is none */
export function intervalMs(text: string): number {
  const [, count, unit] = /^>?(\d+(?:\.\d+)?)(ms|[smhdwMy])$/.exec(text.trim()) ?? []
  if (count === undefined) throw new RangeError(`no interval: "${text}"`)
  return Number(count) * units[unit!]!
}

/**
 * An instant as Grafana takes it: `now`, `now-6h`, ISO 8601, or milliseconds.
 * @param now  what time it is, UTC milliseconds
 * @throws RangeError where it is none
 */
export function instantOf(text: string, now: number): number {
  const back = /^now(?:-(.+))?$/.exec(text)
  const instant = back
    ? now - (back[1] === undefined ? 0 : intervalMs(back[1]))
    : /^\d+$/.test(text)
      ? Number(text)
      : Date.parse(text)
  if (!Number.isFinite(instant)) throw new RangeError(`no instant: "${text}"`)
  return instant
}

/** Steps that an interval is rounded to: up to so many milliseconds it is so long. */
const roundedIntervals: readonly (readonly [below: number, text: string])[] = [
  ...([
    [10, '1ms'],
    [15, '10ms'],
    [35, '20ms'],
    [75, '50ms'],
    [150, '100ms'],
    [350, '200ms'],
    [750, '500ms'],
  ] as const),
  ...([
    [1_500, '1s'],
    [3_500, '2s'],
    [7_500, '5s'],
    [12_500, '10s'],
    [17_500, '15s'],
    [25_000, '20s'],
    [45_000, '30s'],
  ] as const),
  ...([
    [90_000, '1m'],
    [210_000, '2m'],
    [450_000, '5m'],
    [750_000, '10m'],
    [1_050_000, '15m'],
    [1_500_000, '20m'],
  ] as const),
  ...([
    [2_700_000, '30m'],
    [5_400_000, '1h'],
    [9_000_000, '2h'],
    [16_200_000, '3h'],
    [32_400_000, '6h'],
  ] as const),
  ...([
    [86_400_000, '12h'],
    [604_800_000, '1d'],
    [1_814_400_000, '7d'],
    [3_628_800_000, '30d'],
  ] as const),
]

/**
 * `$__interval` of a panel: the time that is shown divided by the points that fit into its width, rounded as Grafana does.
 * @param points  of the panel, `maxDataPoints` or its width in pixels
 * @param least   the panel's own least interval, as `10s`
 */
export function intervalOf({ from, to }: TimeRange, points: number, least?: string): string {
  const exact = (to - from) / points
  const rounded = roundedIntervals.find(([below]) => exact < below)?.[1] ?? '365d'
  return least !== undefined && intervalMs(least) > intervalMs(rounded) ? least : rounded
}
