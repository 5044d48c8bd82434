import { energised } from '../../../platform/network/model/energisation.ts'
import { allPhases } from '../../../platform/network/model/phases.ts'
import type { CommandType } from '../../../platform/wire/command.ts'
import { type PlacedTag, shownTag, type TagKind } from '../tags/tag.ts'
import { closingOf, endsOf, islandAt } from './closing.ts'
import type { Intended, Interlock, Why } from './interlock.ts'
import type { Surroundings } from './surroundings.ts'

/** What may be done to equipment that itself has a tag: what a tag does not name here it forbids. */
const stillAllowed: Readonly<Record<TagKind, ReadonlySet<CommandType>>> = {
  // Somebody has hands on it, or said that nobody touches it. That it does not close again by itself harms nobody.
  work_permit: new Set(['block_reclose', 'read_now']),
  do_not_operate: new Set(['block_reclose', 'read_now']),
  // What takes the line out of service makes the crew safer. A reboot may forget that reclosing is blocked.
  hot_line: new Set(['open', 'trip', 'block_reclose', 'read_now', 'disconnect', 'set_limit', 'set_point', 'curtail']),
  reclose_blocked: new Set<CommandType>([
    ...(['open', 'close', 'trip', 'block_reclose', 'connect', 'disconnect'] as const),
    ...(['set_limit', 'set_point', 'curtail', 'read_now'] as const),
  ]),
}

/** A tag hangs on what is commanded, or where the command would bring supply, or take protection away. */
export const tagged: Interlock = {
  name: 'tagged',
  forbids: (intended, surroundings) => [
    ...surroundings.tags
      .filter((tag) => isOn(tag, intended.deviceId) && !stillAllowed[tag.kind].has(intended.type))
      .map((tag) => onItself(tag, intended)),
    ...reaching(intended, surroundings),
  ],
}

const isOn = ({ equipment }: PlacedTag, deviceId: string): boolean =>
  equipment.id === deviceId && equipment.kind !== 'section' && equipment.kind !== 'transformer'

function onItself(tag: PlacedTag, { type }: Intended): Why {
  const { en, pt } = shownTag(tag)
  return { en: `${en} forbids ${type}`, pt: `${pt} impede ${type}` }
}

/** Of tags elsewhere: those that the command reaches. */
function reaching(intended: Intended, surroundings: Surroundings): readonly Why[] {
  const { deviceId, type } = intended
  const others = surroundings.tags.filter((tag) => !isOn(tag, deviceId))
  switch (type) {
    case 'close':
      return closingOnto(others, intended, surroundings)
    case 'open':
      return unearthing(others, intended, surroundings)
    case 'connect':
      return connecting(others, intended, surroundings)
    case 'unblock_reclose':
    case 'reboot':
      return unprotecting(others, intended, surroundings)
    default:
      return []
  }
}

/** Whatever way supply would take: the section hangs together with what is closed, or may. */
function closingOnto(tags: readonly PlacedTag[], intended: Intended, surroundings: Surroundings): readonly Why[] {
  const closing = closingOf(intended, surroundings)
  if (!closing) return []
  return namedIn(closing.joined, tags, surroundings).map(({ tag, sectionId }) => {
    const { en, pt } = shownTag(tag)
    return {
      en: `closing ${intended.deviceId} makes a path to section ${sectionId}: ${en}`,
      pt: `fechar ${intended.deviceId} abre caminho até o trecho ${sectionId}: ${pt}`,
    }
  })
}

/** The earth on which a crew relies is not taken away. */
function unearthing(tags: readonly PlacedTag[], { deviceId }: Intended, surroundings: Surroundings): readonly Why[] {
  const earth = surroundings.earthSwitches.find(({ earthSwitchId }) => earthSwitchId === deviceId)
  if (!earth) return []
  const island = islandAt(surroundings, [earth.sectionId])
  return namedIn(island, tags, surroundings).map(({ tag, sectionId }) => {
    const { en, pt } = shownTag(tag)
    return {
      en: `opening ${deviceId} takes the earth from section ${sectionId}: ${en}`,
      pt: `abrir ${deviceId} retira o aterramento do trecho ${sectionId}: ${pt}`,
    }
  })
}

/** What a consumer has behind the meter may feed the section. */
function connecting(tags: readonly PlacedTag[], { deviceId }: Intended, surroundings: Surroundings): readonly Why[] {
  const units = surroundings.units.get(deviceId) ?? []
  const onto = new Map(units.flatMap(({ sectionIds }) => sectionIds.map((sectionId) => [sectionId, allPhases])))
  return namedIn(onto, tags, surroundings).map(({ tag, sectionId }) => {
    const { en, pt } = shownTag(tag)
    return { en: `the unit hangs on section ${sectionId}: ${en}`, pt: `a unidade está no trecho ${sectionId}: ${pt}` }
  })
}

/** A line on which somebody works while it is live does not come back by itself. */
function unprotecting(tags: readonly PlacedTag[], { deviceId }: Intended, surroundings: Surroundings): readonly Why[] {
  const ends = endsOf(surroundings.network, deviceId)
  if (ends.length === 0) return []
  const island = islandAt(
    surroundings,
    ends.map(({ sectionId }) => sectionId),
  )
  return tags
    .filter(({ kind }) => kind === 'hot_line' || kind === 'reclose_blocked')
    .flatMap((tag) =>
      tag.sectionIds
        .filter((sectionId) => island.has(sectionId))
        .slice(0, 1)
        .map((at) => [tag, at] as const),
    )
    .map(([tag, sectionId]) => {
      const { en, pt } = shownTag(tag)
      return {
        en: `reclosing of ${deviceId} stays blocked for section ${sectionId}: ${en}`,
        pt: `o religamento de ${deviceId} fica bloqueado pelo trecho ${sectionId}: ${pt}`,
      }
    })
}

/** Tags whose sections must not get supply, and that are among these: each once, with the first of its sections there. */
function namedIn(
  sections: ReadonlyMap<string, number>,
  tags: readonly PlacedTag[],
  surroundings: Surroundings,
): { tag: PlacedTag; sectionId: string }[] {
  return tags.flatMap((tag) => {
    const sectionId = keptDead(tag, surroundings).find((each) => sections.has(each))
    return sectionId === undefined ? [] : [{ tag, sectionId }]
  })
}

/** Sections onto which nothing closes while the tag hangs. */
function keptDead(
  { kind, equipment, sectionIds }: PlacedTag,
  { network, mayBeClosed }: Surroundings,
): readonly string[] {
  if (kind === 'reclose_blocked') return []
  if (equipment.kind === 'section' || equipment.kind === 'transformer' || kind === 'hot_line') return sectionIds
  // Nobody operates it, which says nothing of what is on both sides of it.
  if (kind === 'do_not_operate') return []
  // A crew works on a switch: its side with supply is the crew's to keep away from, the dead one stays dead.
  const supplied = energised(network, mayBeClosed)
  return sectionIds.filter((sectionId) => !supplied.has(sectionId))
}
