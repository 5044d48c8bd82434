import { energised, standing } from '../../../platform/network/model/energisation.ts'
import { noPhase } from '../../../platform/network/model/phases.ts'
import { endsOf, islandAt } from '../interlocks/closing.ts'
import { isTrusted } from '../interlocks/freshness.ts'
import type { Why } from '../interlocks/interlock.ts'
import type { Surroundings } from '../interlocks/surroundings.ts'

/**
 * Why nobody may work on these sections while they are live: what feeds them may close again by itself after a trip. All that
 * recloses on the way must have said just now that this is blocked, and something must have: a line that nobody watches is no
 * safer.
 * @returns empty where it is confirmed
 */
export function notConfirmed(sectionIds: readonly string[], surroundings: Surroundings): readonly Why[] {
  const { network, mayBeClosed, reports, now } = surroundings
  const supplied = energised(network, mayBeClosed)
  const dead = sectionIds.filter((sectionId) => !supplied.has(sectionId))
  if (sectionIds.length === 0 || dead.length > 0) {
    const where = dead.join(', ') || 'it'
    return [
      {
        en: `${where} has no supply: that takes a work permit`,
        pt: `${where} está sem tensão: cabe permissão de trabalho`,
      },
    ]
  }
  const feeding = feedingElements(sectionIds, surroundings)
  const isBlocked = (id: string): boolean => {
    const report = reports.get(id)
    return report?.recloseBlocked === true && isTrusted(report, now)
  }
  const recloses = (id: string): boolean => {
    const element = [...network.switches, ...network.sources].find(
      (one) => ('switchId' in one ? one.switchId : one.sourceId) === id,
    )
    return element?.recloses === true || (reports.get(id)?.recloseBlocked ?? null) !== null
  }
  const open = feeding.filter((id) => recloses(id) && !isBlocked(id))
  if (open.length > 0)
    return open.map((id) => ({
      en: `${id} has not confirmed just now that its reclosing is blocked`,
      pt: `${id} não confirmou agora o religamento bloqueado`,
    }))
  if (feeding.some(isBlocked)) return []
  const names = feeding.join(', ')
  return [
    {
      en: `nothing that feeds it has confirmed that its reclosing is blocked: ${names}`,
      pt: `nada que o alimenta confirmou religamento bloqueado: ${names}`,
    },
  ]
}

/** Switches and sources through which the sections are fed: those that take supply from them, and those of a ring. */
function feedingElements(sectionIds: readonly string[], surroundings: Surroundings): readonly string[] {
  const { network, mayBeClosed } = surroundings
  const island = islandAt(surroundings, sectionIds)
  const now = standing(network, mayBeClosed)
  const closed = [
    ...now.sources.filter(({ phases }) => phases !== noPhase).map(({ sourceId }) => sourceId),
    ...now.switches.filter(({ phases }) => phases !== noPhase).map(({ switchId }) => switchId),
  ]
  return closed.filter((id) => {
    const ends = endsOf(network, id).map(({ sectionId }) => sectionId)
    if (!ends.every((sectionId) => island.has(sectionId))) return false
    const without = energised(network, new Map([...mayBeClosed, [id, noPhase]]))
    // Of what hangs behind the sections only one end has supply without it; of a ring, or of one of two sources, every end has.
    return sectionIds.some((each) => !without.has(each)) || ends.every((end) => without.has(end))
  })
}
