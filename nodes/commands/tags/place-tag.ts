import { userIdOf } from '../../../platform/approval/approval-repository.ts'
import type { Identity } from '../../../platform/access/identity.ts'
import { badField, conflict } from '../../../platform/http/problem.ts'
import { standing } from '../../../platform/network/model/energisation.ts'
import { noPhase } from '../../../platform/network/model/phases.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { islandAt, sourcesOf } from '../interlocks/closing.ts'
import { surroundingsOf, withSections } from '../interlocks/forbidding.ts'
import type { Intended, Why } from '../interlocks/interlock.ts'
import type { Surroundings } from '../interlocks/surroundings.ts'
import { tagged } from '../interlocks/tagged.ts'
import { refusedRequest } from '../requests/refusal.ts'
import { notConfirmed } from './reclose-confirmed.ts'
import {
  commandsUnderWay,
  countHanging,
  hangingTags,
  insertTag,
  isKnown,
  isSection,
  lockSwitching,
} from './tag-repository.ts'
import type { Equipment, PlacedTag, Tag, TagKind } from './tag.ts'

/** A tag as somebody wants to place it. */
export interface WantedTag {
  readonly kind: TagKind
  readonly equipment: Equipment
  readonly document: string | null
  readonly reason: string
}

export interface PlacedAnswer {
  readonly tagId: number
  /** What whoever placed it should know: it hangs nevertheless. */
  readonly warnings: readonly Why[]
}

/** Tags that may hang at a time. */
const mostHanging = 10_000

/**
 * Hangs a tag, in a transaction of its own: from its commit on nothing is dispatched against it. It is refused while something is
 * under way that it would forbid: whoever holds a tag may rely on it.
 * @param at   UTC milliseconds of the wall's clock
 * @param now  UTC milliseconds of the platform's clock
 * @throws Problem 400 for equipment that is not there; 409: `code` says why
 */
export async function placeTag(
  queries: Queries,
  wanted: WantedTag,
  { username }: Identity,
  at: number,
  now: number,
): Promise<PlacedAnswer> {
  await lockSwitching(queries)
  const ownerId = await userIdOf(queries, username)
  if (ownerId === undefined) throw conflict(`user ${username} is gone`)
  const underWay = await commandsUnderWay(queries)
  const surroundings = await surroundingsOf(
    queries,
    underWay.map(({ deviceId }) => deviceId),
    now,
  )
  await checkEquipment(queries, wanted.equipment, surroundings, now)
  if ((await countHanging(queries)) >= mostHanging)
    throw refusedRequest(409, 'too-many', `${mostHanging} tags hang already`)
  const tag: Omit<Tag, 'tagId'> = { ...wanted, ownerId, owner: username, placedAt: at }
  const tagId = await insertTag(queries, tag)
  const stored = (await hangingTags(queries, now)).find((each) => each.tagId === tagId)!
  const hung = withSections(stored, surroundings)
  if (wanted.kind === 'hot_line') refuse('reclose-not-confirmed', notConfirmed(hung.sectionIds, surroundings))
  refuse('command-under-way', underWayAgainst(hung, underWay, surroundings))
  return { tagId, warnings: warningsOf(hung, surroundings) }
}

function refuse(code: string, why: readonly Why[]): void {
  if (why.length > 0) throw refusedRequest(409, code, why.map(({ en }) => en).join('; '))
}

/** @throws Problem 400 */
async function checkEquipment(
  queries: Queries,
  equipment: Equipment,
  { network, earthSwitches }: Surroundings,
  now: number,
): Promise<void> {
  const { kind, id } = equipment
  const kindInNetwork = network.switches.some(({ switchId }) => switchId === id)
    ? 'switch'
    : network.sources.some(({ sourceId }) => sourceId === id)
      ? 'source'
      : earthSwitches.some(({ earthSwitchId }) => earthSwitchId === id)
        ? 'earth_switch'
        : undefined
  if (kind === 'section') {
    if (!(await isSection(queries, id, now)))
      throw badField('body.equipment.id', id, 'must be a section of the network')
  } else if (kind === 'transformer' || (kind === 'device' && kindInNetwork === undefined)) {
    if (!(await isKnown(queries, equipment, now)))
      throw badField('body.equipment.id', id, `must be a ${kind} that is known`)
  } else if (kind !== kindInNetwork) {
    const problem = kindInNetwork === undefined ? `must be a ${kind} of the network` : `is a ${kindInNetwork}: say so`
    throw badField('body.equipment.id', id, problem)
  }
}

/** What was sent before the tag, and may have its effect behind it. */
const underWayAgainst = (
  tag: PlacedTag,
  underWay: Awaited<ReturnType<typeof commandsUnderWay>>,
  surroundings: Surroundings,
): Why[] =>
  underWay
    .filter((command) => tagged.forbids(command, { ...before(command, surroundings), tags: [tag] }).length > 0)
    .map(({ commandId, type, deviceId }) => ({
      en: `command ${commandId}, ${type} ${deviceId}, is under way: wait for its end, or release it`,
      pt: `o comando ${commandId}, ${type} ${deviceId}, está em curso: aguarde o fim, ou libere-o`,
    }))

/** As if a command that closes something had not: what it closes counts as closed already. */
const before = ({ type, deviceId }: Intended, surroundings: Surroundings): Surroundings =>
  type === 'close'
    ? { ...surroundings, mayBeClosed: new Map([...surroundings.mayBeClosed, [deviceId, noPhase]]) }
    : surroundings

function warningsOf({ kind, equipment, sectionIds }: PlacedTag, surroundings: Surroundings): readonly Why[] {
  if (kind !== 'work_permit' || equipment.kind !== 'section') return []
  const { network, mayBeClosed, earthSwitches } = surroundings
  const island = islandAt(surroundings, sectionIds)
  const fed = sourcesOf(standing(network, mayBeClosed), island).map(({ sourceId }) => ({
    en: `${equipment.id} is supplied by ${sourceId}, or may be`,
    pt: `${equipment.id} é suprido por ${sourceId}, ou pode ser`,
  }))
  const isEarthed = earthSwitches.some(
    ({ earthSwitchId, sectionId }) => island.has(sectionId) && (mayBeClosed.get(earthSwitchId) ?? noPhase) !== noPhase,
  )
  const unearthed = {
    en: `no earth switch of ${equipment.id} is closed`,
    pt: `nenhuma chave de aterramento de ${equipment.id} está fechada`,
  }
  return [...fed, ...(isEarthed ? [] : [unearthed])]
}
