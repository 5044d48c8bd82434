import { isDeepStrictEqual } from 'node:util'
import type { Hub } from '../../../platform/live/hub.ts'
import { rounded } from '../../../platform/http/fields.ts'
import type { LiveConjunto } from '../../../platform/wire/live.ts'
import type { Collective } from '../domain/collective.ts'
import type { ConjuntoState } from './conjunto-keeper.ts'

/** Shows on the live stream how conjuntos stand. @param unitsOut  units without supply now, by conjunto */
export function showConjuntos(hub: Hub, states: readonly ConjuntoState[], unitsOut: ReadonlyMap<string, number>): void {
  const present = new Set(states.map(({ conjuntoId }) => conjuntoId))
  for (const { conjuntoId } of hub.values('continuity'))
    if (!present.has(conjuntoId)) hub.remove('continuity', conjuntoId)
  for (const state of states) {
    const shown = liveConjunto(state, unitsOut.get(state.conjuntoId) ?? 0)
    if (!isDeepStrictEqual(hub.get('continuity', shown.conjuntoId), shown))
      hub.publish('continuity', shown.conjuntoId, shown)
  }
}

function liveConjunto(state: ConjuntoState, unitsOut: number): LiveConjunto {
  const { conjuntoId, name, month, monthSoFar, yearSoFar, limit, threshold, day, occurrences, approved } = state
  return {
    ...{ conjuntoId, name, unitsOut, month, monthSoFar: hoursOf(monthSoFar), yearSoFar: hoursOf(yearSoFar) },
    limit: hoursOf(limit),
    today: threshold && {
      ...{ day, occurrences, approved, threshold: rounded(threshold.perDay) },
      stillNeeded: Math.max(0, threshold.needed - occurrences),
    },
  }
}

const hoursOf = (collective: Collective | null) =>
  collective && { decH: collective.decHundredths / 100, fec: collective.fecHundredths / 100 }
