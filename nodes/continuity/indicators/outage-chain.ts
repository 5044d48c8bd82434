import type { Queries } from '../../../platform/storage/queries.ts'
import type { UnitOutage } from '../domain/interruption.ts'
import { leastOutageMs } from '../domain/outages.ts'
import { outagesAfter, outagesBefore, type OpenEnd } from './outage-repository.ts'

type Stretch = Pick<UnitOutage, 'unitId' | 'from' | 'until'>

/**
 * Pieces that some go on from, and those that these go on from: as far back as one follows the other, or supply was back for less
 * than three minutes. Few units have any.
 * @param before  only those that began up to here are asked about, UTC milliseconds
 */
export const chainBefore = (queries: Queries, pieces: readonly Stretch[], before = Infinity): Promise<UnitOutage[]> =>
  beyond(
    pieces,
    ({ from }) => (from <= before ? from : null),
    (ends) => outagesBefore(queries, ends, leastOutageMs),
  )

/** Pieces in which some go on. @param after  only those that ended from here on are asked about, UTC milliseconds */
export const chainAfter = (queries: Queries, pieces: readonly Stretch[], after = -Infinity): Promise<UnitOutage[]> =>
  beyond(
    pieces,
    ({ until }) => (until !== null && until >= after ? until : null),
    (ends) => outagesAfter(queries, ends, leastOutageMs),
  )

async function beyond(
  pieces: readonly Stretch[],
  endOf: (piece: Stretch) => number | null,
  more: (ends: readonly OpenEnd[]) => Promise<UnitOutage[]>,
): Promise<UnitOutage[]> {
  const seen = new Set(pieces.map(({ unitId, from }) => `${from} ${unitId}`))
  const added: UnitOutage[] = []
  for (let next = pieces; ;) {
    const ends = next.flatMap((piece) => {
      const at = endOf(piece)
      return at === null ? [] : [{ unitId: piece.unitId, at }]
    })
    if (ends.length === 0) return added
    const found = (await more(ends)).filter(({ unitId, from }) => !seen.has(`${from} ${unitId}`))
    for (const { unitId, from } of found) seen.add(`${from} ${unitId}`)
    added.push(...found)
    next = found
  }
}
