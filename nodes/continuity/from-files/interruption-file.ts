import type { Readable } from 'node:stream'
import { exclusionRules, type ExclusionReason } from '../domain/exclusions.ts'
import type { InterruptionFacts } from '../domain/interruption.ts'
import { rowsOf, type FileRow } from './cells.ts'
import { OutageTable } from './outage-table.ts'
import type { FileUnit } from './unit-file.ts'

export const interruptionColumns = {
  required: ['unit_id', 'start', 'end'],
  optional: [
    ...(['interruption_id', 'event_id', 'programmed', 'origin', 'announced_from', 'announced_until'] as const),
    ...(['warned_at', 'exclusion', 'critical_day'] as const),
  ],
} as const
type Name = (typeof interruptionColumns)['required' | 'optional'][number]

/** An interruption, and what the file calls it. */
export interface FileInterruption extends InterruptionFacts {
  /** Null where the file has no name for it. */
  readonly name: string | null
}

/** Interruptions of units, as a file has them. */
export interface FileInterruptions {
  readonly outages: OutageTable
  /** Numbered by what they are, not by where they stand in the file. */
  readonly facts: ReadonlyMap<number, FileInterruption>
  /** The number of an interruption, of the one its outages were added with. */
  readonly idOf: (interruption: number) => number
  /** Days `YYYY-MM-DD` that rows say to be critical, by conjunto. */
  readonly criticalDays: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * @param dayOf  the civil day of an instant in a conjunto
 * @throws FileError by line, field and value
 */
export async function readInterruptions(
  source: Readable,
  units: ReadonlyMap<string, FileUnit>,
  dayOf: (conjuntoId: string, instant: number) => string,
): Promise<FileInterruptions> {
  const outages = new OutageTable()
  const known = new Interruptions()
  const criticalDays = new Map<string, Set<string>>()
  for await (const row of rowsOf<Name>(source, interruptionColumns.required, interruptionColumns.optional)) {
    const unit = units.get(row.named('unit_id'))
    if (!unit) throw row.fault('unit_id', 'is none of the file of units')
    const start = row.instant('start')
    if (start === null) throw row.fault('start', 'is empty')
    const end = row.instant('end')
    if (end !== null && end < start) throw row.fault('end', `is before the start, ${row.text('start')}`)
    outages.add(unit.index, start, end, known.take(row, start))
    if (!row.flag('critical_day')) continue
    const days = criticalDays.get(unit.conjuntoId) ?? new Set<string>()
    criticalDays.set(unit.conjuntoId, days.add(dayOf(unit.conjuntoId, start)))
  }
  return { outages, criticalDays, ...known.numbered() }
}

interface Known {
  readonly key: string
  readonly name: string | null
  readonly event: string
  readonly said: Pick<InterruptionFacts, 'origin' | 'programmed' | 'announced'>
  readonly exclusion: ExclusionReason | null
  startedAt: number
}

const saidBy = ['event_id', 'programmed', 'origin', 'announced_from', 'announced_until', 'warned_at'] as const
const reasons = Object.keys(exclusionRules) as ExclusionReason[]

/** The interruptions of a file: rows of one name are of one, and so are rows without a name that say the same. */
class Interruptions {
  #all: Known[] = []
  #byKey = new Map<string, number>()
  /** Where a name was first, and what was said of it there. */
  #named = new Map<string, { readonly line: number; readonly said: readonly string[] }>()

  take(row: FileRow<Name>, start: number): number {
    const name = row.text('interruption_id') === '' ? null : row.named('interruption_id')
    const said = saidBy.map((column) => row.text(column))
    if (name !== null) this.#checkSame(row, name, said)
    const exclusion = row.choice('exclusion', reasons)
    const key = JSON.stringify([name ?? '', name === null ? [start, ...said] : '', exclusion])
    const index = this.#byKey.get(key)
    if (index !== undefined) {
      this.#all[index]!.startedAt = Math.min(this.#all[index]!.startedAt, start)
      return index
    }
    const event = row.text('event_id') || (name ?? key)
    this.#all.push({ key, name, event, said: factsOf(row), exclusion, startedAt: start })
    this.#byKey.set(key, this.#all.length - 1)
    return this.#all.length - 1
  }

  #checkSame(row: FileRow<Name>, name: string, said: readonly string[]): void {
    const first = this.#named.get(name)
    if (!first) {
      this.#named.set(name, { line: row.line, said })
      return
    }
    const other = saidBy.find((_, index) => said[index] !== first.said[index])
    if (other) throw row.fault(other, `is not what line ${first.line} says of interruption ${name}`)
  }

  /** In an order that does not depend on that of the rows. */
  numbered(): Pick<FileInterruptions, 'facts' | 'idOf'> {
    const order = this.#all.map((_, index) => index)
    order.sort((a, b) => (this.#all[a]!.key < this.#all[b]!.key ? -1 : 1))
    const ids = new Int32Array(order.length)
    for (const [position, index] of order.entries()) ids[index] = position + 1
    const events = new Map<string, number>()
    for (const index of order) {
      const { event } = this.#all[index]!
      if (!events.has(event)) events.set(event, ids[index]!)
    }
    const facts = order.map((index): [number, FileInterruption] => {
      const { name, event, said, exclusion, startedAt } = this.#all[index]!
      const exclusions = exclusion === null ? [] : [{ reason: exclusion, unitId: null }]
      const eventId = events.get(event)!
      return [ids[index]!, { interruptionId: ids[index]!, eventId, name, startedAt, ...said, exclusions }]
    })
    return { facts: new Map(facts), idOf: (interruption) => ids[interruption]! }
  }
}

function factsOf(row: FileRow<Name>): Known['said'] {
  const [from, until, warnedAt] = (['announced_from', 'announced_until', 'warned_at'] as const).map((name) =>
    row.instant(name),
  )
  const said = {
    origin: row.choice('origin', ['internal', 'external']) ?? 'internal',
    programmed: row.flag('programmed'),
  }
  if (from === null && until === null && warnedAt === null) return { ...said, announced: null }
  for (const name of ['announced_from', 'announced_until', 'warned_at'] as const)
    if (row.text(name) === '') throw row.fault(name, 'is empty where another part of the announcement is given')
  if (until! <= from!) throw row.fault('announced_until', `is not after announced_from, ${row.text('announced_from')}`)
  return { ...said, announced: { from: from!, until: until!, warnedAt: warnedAt! } }
}
