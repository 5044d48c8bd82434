import { civilTimesIn } from '../../../platform/clock/civil-time.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { regulationChoices, type RegulationChoices } from '../../../platform/regulation/options.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { officialCause } from '../domain/causes.ts'
import { carriedBy, type Layout, type ReportedInterruption } from '../domain/official-interruption.ts'
import { joined, lineKey } from '../domain/official-lines.ts'
import { reportedParts, type ReportedPart } from '../domain/official-parts.ts'
import { unitsOfConjuntos } from '../indicators/conjunto-repository.ts'
import { judgedOutages } from '../indicators/judged-outages.ts'
import {
  interruptionDetails,
  namedConjuntos,
  unitPlaces,
  type InterruptionDetail,
  type NamedConjunto,
  type UnitPlace,
} from './official-repository.ts'

/**
 * Interruptions as they are reported for months of one year, conjunto by conjunto, in the order of time.
 * @param months    `YYYY-MM`, oldest first
 * @param timeZone  of conjuntos without one
 */
export async function* interruptionLines(
  queries: Queries,
  layout: Layout,
  months: readonly string[],
  timeZone: string,
): AsyncGenerator<ReportedInterruption> {
  const choices = await regulationChoices(queries)
  for (const conjunto of await namedConjuntos(queries)) {
    // A layout without months has an interruption once, however many of them it counts in.
    const seen = new Set<string>()
    for (const month of months)
      for (const line of await linesOf(queries, layout, conjunto, month, choices, timeZone)) {
        const carried = carriedBy(layout, line)
        if (!seen.has(lineKey(carried))) yield carried
        seen.add(lineKey(carried))
      }
  }
}

async function linesOf(
  queries: Queries,
  layout: Layout,
  conjunto: NamedConjunto,
  month: string,
  choices: RegulationChoices,
  timeZone: string,
): Promise<ReportedInterruption[]> {
  const scope = { month, conjuntoIds: [conjunto.id] }
  const { units, facts } = await judgedOutages(queries, scope, choices, platformClock.now())
  if (units.length === 0) return []
  const details = await interruptionDetails(queries, [...facts.keys()])
  const detailOf = new Map(details.map((detail) => [detail.interruptionId, detail]))
  const bases = new Map(
    details.flatMap(({ interruptionId, emergency }) => (emergency ? [[interruptionId, emergency]] : [])),
  )
  const placeOf = new Map((await unitPlaces(queries, conjunto.id)).map((place) => [place.unitId, place]))
  const [counted] = await unitsOfConjuntos(queries, `${month}-01`, choices['continuity-nuc-day'], [conjunto.id])
  const clocks = civilTimesIn(conjunto.timeZone ?? timeZone)
  const lineOf = (part: ReportedPart, place: UnitPlace, detail: InterruptionDetail): ReportedInterruption => ({
    ...{ interruptionId: String(part.interruptionId), eventId: String(detail.eventId) },
    occurrenceId: detail.occurrenceId,
    conjunto: { id: conjunto.id, name: conjunto.name },
    municipalityCode: layout === '26' ? place.municipalityCode : null,
    ...{ feederId: detail.feederId, substationId: detail.substationId, elementKind: detail.elementKind },
    ...{ year: Number(month.slice(0, 4)), month: Number(month.slice(5)) },
    ...{ programmed: detail.programmed, origin: detail.origin, reason: part.reason },
    ...{ from: clocks.textOf(part.from), until: clocks.textOf(part.until), ...officialCause(detail.cause) },
    voltageV: Math.round(place.referenceV * 100) / 100,
    ...{ unitsOut: 1, unitsOfConjunto: counted?.units ?? 0 },
  })
  return joined(
    units.flatMap(({ unitId, outages, rules }) =>
      reportedParts(unitId, outages, facts, rules, bases).flatMap((part) => {
        const [place, detail] = [placeOf.get(unitId), detailOf.get(part.interruptionId)]
        return place && detail ? [lineOf(part, place, detail)] : []
      }),
    ),
  )
}
