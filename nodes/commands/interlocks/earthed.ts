import { noPhase } from '../../../platform/network/model/phases.ts'
import { closingOf } from './closing.ts'
import type { Interlock } from './interlock.ts'

/** Supply would come to where an earth switch is closed, or may be: a short circuit. */
export const earthed: Interlock = {
  name: 'earth-switch-closed',
  forbids(intended, surroundings) {
    const closing = closingOf(intended, surroundings)
    if (!closing?.isSupplied) return []
    return surroundings.earthSwitches
      .filter(({ earthSwitchId }) => (surroundings.mayBeClosed.get(earthSwitchId) ?? noPhase) !== noPhase)
      .filter(({ sectionId }) => closing.joined.has(sectionId))
      .map(({ earthSwitchId, sectionId }) => ({
        en: `section ${sectionId} is earthed, or may be: earth switch ${earthSwitchId} is not known to be open`,
        pt: `o trecho ${sectionId} está aterrado, ou pode estar: a chave de aterramento ${earthSwitchId} não consta como aberta`,
      }))
  },
}
