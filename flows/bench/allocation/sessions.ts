import { Type, type Static } from '@sinclair/typebox'
import { phases, type Feeder, type Phase } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { Identifier, Text, Timestamp } from '../../../platform/wire/fields.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { showValue } from '../../../platform/wire/show-value.ts'
import { BadFile, readEntries } from './entry-fault.ts'
import { rootOf } from './feeder-tree.ts'

/** A car's stay at a charger. */
export interface Session {
  readonly id: string
  /** UTC milliseconds. */
  readonly arrival: number
  readonly departure: number
  /** What its driver asks for. */
  readonly energyKwh: number
  readonly maxKw: number
  /** Those that its charger draws from, in equal parts. */
  readonly phases: readonly Phase[]
  readonly feederId: string
}

const Entry = Type.Object(
  {
    id: Text(200, 'the session'),
    arrival: Timestamp,
    departure: Timestamp,
    energyKwh: Type.Number({ exclusiveMinimum: 0, maximum: 10_000 }),
    maxKw: Type.Number({ exclusiveMinimum: 0, maximum: 10_000 }),
    phase: Type.Optional(Type.Union(phases.map((phase) => Type.Literal(phase)))),
    feederId: Type.Optional(Identifier('the feeder it charges at')),
  },
  { additionalProperties: false },
)
const File = Type.Array(Entry, { minItems: 1, maxItems: 200_000 })

/**
 * Reads sessions: an array of `{id, arrival, departure, energyKwh, maxKw, phase?, feederId?}`. Without a phase a charger draws from
 * all three; without a feeder it is at the root.
 * @param name  how the file is called in errors
 * @throws BadFile that names index, field and value
 */
export function readSessions(name: string, text: string, feeders: readonly Feeder[]): Session[] {
  const known = new Set(feeders.map(({ feederId }) => feederId))
  const root = rootOf(feeders)
  const ids = new Set<string>()
  return readEntries(name, text, File).map((entry, index) => {
    const { id, energyKwh, maxKw, phase, feederId = root } = entry
    const place = `${name}[${index}]`
    if (ids.has(id)) throw new BadFile(`${place}.id is ${showValue(id)}: it is there twice`)
    ids.add(id)
    if (!known.has(feederId)) throw new BadFile(`${place}.feederId is ${showValue(feederId)}: there is no such feeder`)
    const arrival = instantOf(entry, 'arrival', place)
    const departure = instantOf(entry, 'departure', place)
    if (departure <= arrival)
      throw new BadFile(`${place}.departure is ${showValue(entry.departure)}: it must be after its arrival`)
    return { id, arrival, departure, energyKwh, maxKw, phases: phase ? [phase] : phases, feederId }
  })
}

function instantOf(entry: Static<typeof Entry>, field: 'arrival' | 'departure', place: string): number {
  const instant = parseInstant(entry[field])
  if (instant === undefined)
    throw new BadFile(
      `${place}.${field} is ${showValue(entry[field])}: it takes an instant with offset, or UTC milliseconds`,
    )
  return instant
}
