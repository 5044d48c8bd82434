import { allPhases } from '../../../platform/network/model/phases.ts'
import { environment } from '../../../platform/runtime/environment.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { CommandType } from '../../../platform/wire/command.ts'
import { hangingTags, lockSwitching, shareSwitching, type StoredTag } from '../tags/tag-repository.ts'
import type { PlacedTag } from '../tags/tag.ts'
import { endsOf } from './closing.ts'
import { holidaysAround } from './holiday-repository.ts'
import type { Forbidden, Intended } from './interlock.ts'
import { forbiddenBy } from './interlocks.ts'
import { mayBeClosed } from './positions.ts'
import type { Surroundings } from './surroundings.ts'
import {
  beingClosed,
  earthSwitchesAt,
  lastOperations,
  operatedNetwork,
  ratedPowers,
  switchReports,
  unitsOfMeters,
} from './surroundings-repository.ts'
import { clearedTrips } from './trip-repository.ts'

/**
 * What forbids a command as things stand now, for whoever asks for it or approves it.
 * @param now  UTC milliseconds, by the platform's clock
 */
export async function forbidding(queries: Queries, intended: Intended, now: number): Promise<Forbidden[]> {
  const [forbidden] = await judge(queries, [intended], now)
  return forbidden!
}

/**
 * What forbids each of several commands that are about to be sent: each as if those before it that nothing forbids were under way.
 * Asked in the transaction that writes them as sent, before it changes any command, and once: until its commit nobody else joins
 * anything, or places a tag.
 * @param now  UTC milliseconds, by the platform's clock
 * @returns for each, in their order
 */
export async function forbiddingDispatch(
  queries: Queries,
  intended: readonly Intended[],
  now: number,
): Promise<Forbidden[][]> {
  if (intended.some(({ type }) => endangers(type)))
    await (intended.some(({ type }) => joins.has(type)) ? lockSwitching : shareSwitching)(queries)
  return judge(queries, intended, now)
}

const joins: ReadonlySet<CommandType> = new Set<CommandType>(['close', 'connect', 'unblock_reclose', 'reboot'])
/** Whose interlocks look at what hangs together. */
const inNetwork: ReadonlySet<CommandType> = new Set<CommandType>([...joins, 'open', 'trip'])
/** To ask a device how it is changes nothing. */
const endangers = (type: CommandType): boolean => type !== 'read_now'

async function judge(queries: Queries, intended: readonly Intended[], now: number): Promise<Forbidden[][]> {
  const judged = intended.filter(({ type }) => endangers(type)).map(({ deviceId }) => deviceId)
  if (judged.length === 0) return intended.map(() => [])
  const isJoined = intended.some(({ type }) => inNetwork.has(type))
  const surroundings = await surroundingsOf(queries, judged, now, isJoined)
  const mayBeClosed = new Map(surroundings.mayBeClosed)
  return intended.map((each) => {
    if (!endangers(each.type)) return []
    const forbidden = forbiddenBy(each, { ...surroundings, mayBeClosed })
    if (forbidden.length === 0 && each.type === 'close') mayBeClosed.set(each.deviceId, allPhases)
    return forbidden
  })
}

/** All that interlocks look at, of devices that are commanded. @param isJoined  false: nothing of the network is looked at */
export async function surroundingsOf(
  queries: Queries,
  deviceIds: readonly string[],
  now: number,
  isJoined = true,
): Promise<Surroundings> {
  const { network, operations } = isJoined ? await operatedNetwork(queries, now) : nowhere
  const earthSwitches = isJoined ? await earthSwitchesAt(queries, now) : []
  const earthIds = earthSwitches.map(({ earthSwitchId }) => earthSwitchId)
  const elements = [
    ...network.switches.map(({ switchId }) => switchId),
    ...network.sources.map(({ sourceId }) => sourceId),
    ...earthIds,
  ]
  const reports = await switchReports(queries, deviceIds, elements, now)
  const earthings = await lastOperations(queries, earthIds, now)
  const trips = [...reports].filter(([, { tripped }]) => tripped === true).map(([switchId]) => switchId)
  const cleared = trips.length === 0 ? new Set<string>() : await clearedTrips(queries, trips)
  const surroundings: Omit<Surroundings, 'tags'> = {
    ...{ now, network, earthSwitches, reports },
    units: await unitsOfMeters(queries, deviceIds, now, environment().TIME_ZONE),
    ratedKw: await ratedPowers(queries, deviceIds),
    mayBeClosed: mayBeClosed([...operations, ...earthings], reports, await beingClosed(queries)),
    unclearedTrips: new Set(trips.filter((switchId) => !cleared.has(switchId))),
    holidays: await holidaysAround(queries, now),
  }
  const tags = await hangingTags(queries, now)
  return { ...surroundings, tags: tags.map((tag) => withSections(tag, surroundings)) }
}

const nowhere = { network: { sources: [], switches: [] }, operations: [] } as const

/** A tag with the sections that it is about. */
export function withSections(
  { transformerSectionId, ...tag }: StoredTag,
  { network, earthSwitches }: Pick<Surroundings, 'network' | 'earthSwitches'>,
): PlacedTag {
  const { kind, id } = tag.equipment
  if (kind === 'section') return { ...tag, sectionIds: [id] }
  if (kind === 'transformer') return { ...tag, sectionIds: transformerSectionId === null ? [] : [transformerSectionId] }
  const earthed = earthSwitches.filter(({ earthSwitchId }) => earthSwitchId === id)
  return { ...tag, sectionIds: [...endsOf(network, id), ...earthed].map(({ sectionId }) => sectionId) }
}
