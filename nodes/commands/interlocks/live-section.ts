import { standing } from '../../../platform/network/model/energisation.ts'
import { islandAt, sourcesOf } from './closing.ts'
import type { Interlock } from './interlock.ts'

/** An earth switch would be closed onto a section that has supply, or may have. */
export const liveSection: Interlock = {
  name: 'earthing-live-section',
  forbids({ deviceId, type }, surroundings) {
    const earth = surroundings.earthSwitches.find(({ earthSwitchId }) => earthSwitchId === deviceId)
    if (!earth || type !== 'close') return []
    const { network, mayBeClosed } = surroundings
    return sourcesOf(standing(network, mayBeClosed), islandAt(surroundings, [earth.sectionId])).map(({ sourceId }) => ({
      en: `section ${earth.sectionId} is supplied by ${sourceId}, or may be: earthing it is a short circuit`,
      pt: `o trecho ${earth.sectionId} é suprido por ${sourceId}, ou pode ser: aterrá-lo é um curto-circuito`,
    }))
  },
}
