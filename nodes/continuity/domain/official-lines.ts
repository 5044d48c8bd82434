import type { ReportedInterruption } from './official-interruption.ts'

/** What tells a line from others: units that were out together, of one conjunto, for one reason. */
export const lineKey = (line: ReportedInterruption): string =>
  JSON.stringify([
    ...[line.conjunto.id, line.interruptionId, line.municipalityCode, line.reason],
    ...[line.from, line.until, line.year, line.month],
  ])

/** Lines of the same key as one: their units together, the highest of their voltages. In the order of time. */
export function joined(lines: Iterable<ReportedInterruption>): ReportedInterruption[] {
  const byKey = new Map<string, ReportedInterruption & { unitsOut: number; voltageV: number | null }>()
  for (const line of lines) {
    const key = lineKey(line)
    const known = byKey.get(key)
    if (!known) byKey.set(key, { ...line })
    else {
      known.unitsOut += line.unitsOut
      known.voltageV = Math.max(known.voltageV ?? 0, line.voltageV ?? 0) || null
    }
  }
  return [...byKey]
    .toSorted(([oneKey, one], [otherKey, other]) => order(one.from, other.from) || order(oneKey, otherKey))
    .map(([, line]) => line)
}

const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** A line whose units are not the same in a file and here, each null where the line is absent. */
export interface LineDifference {
  readonly conjuntoId: string
  readonly interruptionId: string
  readonly year: number
  readonly month: number | null
  readonly from: string
  readonly until: string
  readonly reason: ReportedInterruption['reason']
  readonly fileUnits: number | null
  readonly hereUnits: number | null
}

/** A file's lines beside those of here, both ways: told apart by when and why, compared by their units. */
export class LineComparison {
  /** Lines of the file. */
  readonly lines: number
  equal = 0
  readonly differences: LineDifference[] = []
  #file: Map<string, ReportedInterruption>

  constructor(file: Iterable<ReportedInterruption>) {
    this.#file = new Map(joined(file).map((line) => [lineKey(line), line]))
    this.lines = this.#file.size
  }

  /** Takes a line of here; each once. */
  take(here: ReportedInterruption): void {
    const file = this.#file.get(lineKey(here))
    this.#file.delete(lineKey(here))
    if (file?.unitsOut === here.unitsOut) this.equal++
    else this.differences.push(differenceOf(here, file?.unitsOut ?? null, here.unitsOut))
  }

  /** All lines of here were taken: what is left is in the file only. */
  end(): void {
    for (const file of this.#file.values()) this.differences.push(differenceOf(file, file.unitsOut, null))
    this.#file.clear()
  }
}

const differenceOf = (
  { conjunto, interruptionId, year, month, from, until, reason }: ReportedInterruption,
  fileUnits: number | null,
  hereUnits: number | null,
): LineDifference => ({
  conjuntoId: conjunto.id,
  interruptionId,
  year,
  month,
  from,
  until,
  reason,
  fileUnits,
  hereUnits,
})
