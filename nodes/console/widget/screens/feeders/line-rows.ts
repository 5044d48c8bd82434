import type { Direction, Line, LimitInForce, LineLoad } from './answers.ts'

/** What a line of a feeder is expected to carry, and the tightest limit in force each way; null: not known, not limited. */
export interface LineRow {
  readonly line: Line
  readonly load: LineLoad | null
  readonly import: LimitInForce | null
  readonly export: LimitInForce | null
  /** The use of the tighter side, to be drawn against its limit; kW, at least 0. */
  readonly drawn: { readonly kw: number; readonly limitKw: number } | null
}

const lines: readonly Line[] = ['total', 'A', 'B', 'C']

/** All lines of a feeder. @param loads  of this feeder, by the newest round of the control loop */
export function lineRows(inForce: readonly LimitInForce[], loads: readonly LineLoad[]): LineRow[] {
  const tightest = (line: Line, direction: Direction): LimitInForce | null =>
    inForce
      .filter((limit) => limit.line === line && limit.direction === direction)
      .toSorted((one, other) => one.limitKw - other.limitKw)[0] ?? null
  return lines.map((line) => {
    const load = loads.find((one) => one.line === line) ?? null
    const limits = { import: tightest(line, 'import'), export: tightest(line, 'export') }
    const sides = [
      ...(load && limits.import ? [{ kw: Math.max(0, load.highKw), limitKw: limits.import.limitKw }] : []),
      ...(load && limits.export ? [{ kw: Math.max(0, -load.lowKw), limitKw: limits.export.limitKw }] : []),
    ]
    const use = ({ kw, limitKw }: { kw: number; limitKw: number }): number => (kw === 0 ? 0 : kw / limitKw)
    const drawn = sides.toSorted((one, other) => use(other) - use(one))[0] ?? null
    return { line, load, ...limits, drawn }
  })
}
