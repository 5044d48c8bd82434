import type { Api, ListPage, Query } from '../../connection/api.ts'
import type { FeederNetwork, NetworkSource, NetworkSwitch, SuppliedSection } from './one-line.ts'

/** That a switch was operated, as it was told. */
export interface Operation {
  readonly switchId: string
  readonly at: string
  /** Phases that are closed from then on. */
  readonly closed: string
  readonly source: 'event' | 'reading' | 'person'
}

const pageSize = 1_000
const mostPages = 10

/** All items of a list, page by page; of more than 10,000 the first ones. */
async function everything<Item>(
  api: Pick<Api, 'get'>,
  path: string,
  query: Query,
  signal: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | null | undefined
  for (let page = 0; page < mostPages && cursor !== null; page++) {
    const answer: ListPage<Item> = await api.get(path, { ...query, cursor, limit: pageSize }, signal)
    items.push(...answer.items)
    cursor = answer.nextCursor
  }
  return items
}

/** What there is of the network: it changes seldom. @throws ApiFault */
export async function readElements(
  api: Pick<Api, 'get'>,
  signal: AbortSignal,
): Promise<Pick<FeederNetwork, 'sources' | 'switches'>> {
  const at = new Date().toISOString()
  const [sources, switches] = await Promise.all([
    everything<NetworkSource>(api, '/api/registry/sources', { at }, signal),
    everything<NetworkSwitch>(api, '/api/registry/switches', { at }, signal),
  ])
  return { sources, switches }
}

/** What supplies what now, as switches stand. @throws ApiFault */
export async function readSections(
  api: Pick<Api, 'get'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SuppliedSection>> {
  const sections = await everything<SuppliedSection>(api, '/api/registry/sections', {}, signal)
  return new Map(sections.map((each) => [each.sectionId, each]))
}

/** Switches that are asked for one by one, at most. */
const mostAsked = 200

/**
 * How switches stand, by the newest operations; where there are more of these than are read, switches that they do not name are
 * asked for by themselves, once.
 * @param switchIds  those of interest
 * @param before     how those stood that were asked for by themselves: what is found is added, null where nothing was ever heard
 * @throws ApiFault
 */
export async function readPositions(
  api: Pick<Api, 'get'>,
  switchIds: readonly string[],
  before: Map<string, string | null>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const path = '/api/quality/continuity/operations'
  const { items, nextCursor } = await api.get<ListPage<Operation>>(path, { limit: pageSize }, signal)
  const newest = positionsOf(items)
  if (nextCursor === null) return newest
  const missing = switchIds.filter((switchId) => !newest.has(switchId) && !before.has(switchId)).slice(0, mostAsked)
  for (const switchId of missing) {
    // Several sources may have told of one instant.
    const told = await api.get<ListPage<Operation>>(path, { switchId, limit: 10 }, signal)
    before.set(switchId, positionsOf(told.items).get(switchId) ?? null)
  }
  const known = [...before].filter((each): each is [string, string] => each[1] !== null)
  return new Map([...known, ...newest])
}

const weight = { person: 2, event: 1, reading: 0 } as const

/** How switches stand: as the newest word of each says; of one instant a person's goes before an event, that before a reading. */
export function positionsOf(operations: readonly Operation[]): ReadonlyMap<string, string> {
  const newest = new Map<string, Operation>()
  for (const each of operations) {
    const other = newest.get(each.switchId)
    const [one, two] = [Date.parse(each.at), other ? Date.parse(other.at) : -Infinity]
    if (one > two || (one === two && weight[each.source] > weight[other!.source])) newest.set(each.switchId, each)
  }
  return new Map([...newest].map(([switchId, { closed }]) => [switchId, closed]))
}
