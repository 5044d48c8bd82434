import type { Queries } from '../../../platform/storage/queries.ts'
import { nothing } from '../domain/outlook.ts'
import type { UnitOutage } from '../domain/interruption.ts'
import { outagesWithin } from '../indicators/outage-repository.ts'
import { unitMonths } from '../indicators/unit-months.ts'
import type { CivilMonth } from '../domain/outage-course.ts'
import type { MonthRow } from './profile-repository.ts'

/** A unit that is out, and since when: joined with what its outage continues. UTC milliseconds. */
export interface UnitOut {
  readonly unitId: string
  readonly from: number
}

/**
 * What a month had come to for units before the outage that lasts: computed as if that had not begun, for what is stored of the
 * month has it in it.
 * @param units  a few thousand at most
 */
export async function monthsBefore(
  queries: Queries,
  { month, ...span }: CivilMonth,
  units: readonly UnitOut[],
): Promise<MonthRow[]> {
  const since = new Map(units.map(({ unitId, from }) => [unitId, from]))
  const earlier = new Map<string, UnitOutage[]>()
  for (const outage of await outagesWithin(queries, { unitIds: [...since.keys()] }, span.from, span.until)) {
    if (outage.until === null || outage.from >= since.get(outage.unitId)!) continue
    const others = earlier.get(outage.unitId)
    if (others) others.push(outage)
    else earlier.set(outage.unitId, [outage])
  }
  const computed =
    earlier.size === 0 ? [] : await unitMonths(queries, { month, unitIds: [...earlier.keys()] }, { outages: earlier })
  const known = new Map(computed.map((one) => [one.unitId, one]))
  return units.map(({ unitId }) => {
    const { dicMs, fic, dmicMs, dicri, dise } = known.get(unitId) ?? nothing
    return { unitId, month, dicMs, fic, dmicMs, dicri, dise }
  })
}
