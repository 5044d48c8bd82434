import { energised } from '../../../platform/network/model/energisation.ts'
import { closingOf, endsOf } from './closing.ts'
import type { Interlock } from './interlock.ts'

/** Protection has opened something, and nobody has said why: what lies behind it may be at fault, whichever way it is closed onto. */
export const unclearedTrip: Interlock = {
  name: 'uncleared-trip',
  forbids(intended, surroundings) {
    const closing = closingOf(intended, surroundings)
    if (!closing) return []
    const { network, mayBeClosed, unclearedTrips } = surroundings
    const supplied = energised(network, mayBeClosed)
    const isBehind = (elementId: string): boolean =>
      elementId === intended.deviceId ||
      (closing.isSupplied &&
        endsOf(network, elementId).some(({ sectionId }) => closing.joined.has(sectionId) && !supplied.has(sectionId)))
    return [...unclearedTrips].filter(isBehind).map((elementId) => ({
      en: `${elementId} has tripped, and nobody has cleared that: what lies behind it may be at fault`,
      pt: `${elementId} desarmou por proteção e ninguém liberou: pode haver defeito adiante`,
    }))
  },
}
