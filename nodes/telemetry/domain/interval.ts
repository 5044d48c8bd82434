const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Intervals as they are written: `1m` to `1440m`, `1h` to `24h`, `1d`. */
export const intervalPattern = '^([1-9][0-9]{0,3}m|[1-9][0-9]?h|1d)$'

/** @param written  by `intervalPattern` @returns milliseconds; undefined where it is longer than a day, or no interval */
export function intervalMs(written: string): number | undefined {
  if (!new RegExp(intervalPattern).test(written)) return undefined
  const width = Number(written.slice(0, -1)) * unitMs[written.at(-1) as keyof typeof unitMs]
  return width <= unitMs.d ? width : undefined
}
