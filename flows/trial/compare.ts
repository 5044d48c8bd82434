import type { Fault, Item, NamedNode, Outcome } from './outcome.ts'

/** How often something came out of a node, before and now. */
export interface Count {
  readonly node: NamedNode
  readonly verb: string
  readonly group: string
  readonly before: number
  readonly now: number
}

export interface FieldDifference {
  /** Where it stands: `values.va_v`. */
  readonly field: string
  /** Unset where it is not there. */
  readonly before?: unknown
  readonly now?: unknown
}

/** An item that is not the same. `missing`: it does not come out any more. `new`: it did not before. */
export interface Difference {
  readonly is: 'missing' | 'new' | 'changed'
  readonly node: NamedNode
  readonly verb: string
  readonly group: string
  readonly device?: string
  readonly key: string
  /** The item: where it changed, as it is now. */
  readonly value: unknown
  readonly fields: readonly FieldDifference[]
}

export interface Comparison {
  readonly differences: readonly Difference[]
  /** Errors that are only in one of the two, or in another number. */
  readonly faults: readonly { readonly fault: Fault; readonly before: number; readonly now: number }[]
  readonly unsettled: { readonly before: number; readonly now: number }
  readonly same: boolean
}

/**
 * Holds what came out of a tab against what came out of it before. In which order things came out is not compared: two
 * outputs have none between them. What is the same is paired first; of the rest, what has the same device and key.
 */
export function compare(before: Outcome, now: Outcome): Comparison {
  const differences = differencesOf(before, now)
  const faults = faultsOf(before.faults, now.faults)
  const unsettled = { before: before.unsettled.length, now: now.unsettled.length }
  return {
    differences,
    faults,
    unsettled,
    same: differences.length === 0 && faults.length === 0 && unsettled.before === unsettled.now,
  }
}

/**
 * Counts by node, verb and group, in the order of the flows.
 * @param groupOf  what to count by: the item's own group (kind, reason, topic) or its device
 */
export function countsOf(before: Outcome | undefined, now: Outcome, groupOf: (item: Item) => string): Count[] {
  const nodes = new Map([...(before?.nodes ?? []), ...now.nodes].map((node) => [node.id, node]))
  const rank = new Map([...nodes.keys()].map((id, index) => [id, index]))
  const counts = new Map<string, { item: Item; group: string; before: number; now: number }>()
  const add = (item: Item, when: 'before' | 'now'): void => {
    const group = groupOf(item)
    const key = JSON.stringify([item.node, item.verb, group])
    const count = counts.get(key) ?? { item, group, before: 0, now: 0 }
    counts.set(key, count)
    count[when]++
  }
  for (const item of before?.items ?? []) add(item, 'before')
  for (const item of now.items) add(item, 'now')
  return [...counts.values()]
    .map(({ item: { node, verb }, ...count }) => ({ node: nodeOf(nodes, node), verb, ...count }))
    .toSorted(
      (one, other) =>
        (rank.get(one.node.id) ?? 0) - (rank.get(other.node.id) ?? 0) ||
        compareText(one.verb, other.verb) ||
        compareText(one.group, other.group),
    )
}

function differencesOf(before: Outcome, now: Outcome): Difference[] {
  const nodes = new Map([...before.nodes, ...now.nodes].map((node) => [node.id, node]))
  const left = withoutPairs(before.items, now.items)
  const gone = Map.groupBy(left.before, identityOf)
  const differences: Difference[] = []
  const add = (
    is: Difference['is'],
    { node, verb, group, device, key, value }: Item,
    fields: FieldDifference[],
  ): void => {
    const where = { node: nodeOf(nodes, node), verb, group, ...(device !== undefined && { device }), key }
    differences.push({ is, ...where, value, fields })
  }
  for (const item of left.now) {
    const was = gone.get(identityOf(item))?.shift()
    if (was) add('changed', item, [...fieldsThatDiffer(was.value, item.value)])
    else add('new', item, [])
  }
  for (const items of gone.values()) for (const item of items) add('missing', item, [])
  return differences
}

/** What is left of both when each item of one has taken away one of the other that is exactly like it. */
function withoutPairs(before: readonly Item[], now: readonly Item[]): { before: Item[]; now: Item[] } {
  const waiting = Map.groupBy(before, (item) => `${identityOf(item)} ${canonical(item.value)}`)
  const fresh = now.filter((item) => waiting.get(`${identityOf(item)} ${canonical(item.value)}`)?.shift() === undefined)
  const left = new Set([...waiting.values()].flat())
  return { before: before.filter((item) => left.has(item)), now: fresh }
}

const identityOf = ({ node, verb, group, device, key }: Item): string =>
  JSON.stringify([node, verb, group, device ?? '', key])

/** The fields in which two values differ, as deep as they go. */
export function* fieldsThatDiffer(before: unknown, now: unknown, field = ''): Generator<FieldDifference> {
  if (canonical(before) === canonical(now)) return
  if (!isBranch(before) || !isBranch(now) || Array.isArray(before) !== Array.isArray(now)) {
    yield { field, ...(before !== undefined && { before }), ...(now !== undefined && { now }) }
    return
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const path = Array.isArray(now) ? `${field}[${name}]` : field === '' ? name : `${field}.${name}`
    yield* fieldsThatDiffer(before[name], now[name], path)
  }
}

function faultsOf(before: readonly Fault[], now: readonly Fault[]): Comparison['faults'] {
  const keyOf = ({ node, message, caughtBy }: Fault): string => JSON.stringify([node.id, message, caughtBy ?? ''])
  const was = new Map(before.map((fault) => [keyOf(fault), fault]))
  const is = new Map(now.map((fault) => [keyOf(fault), fault]))
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((key) => ({
      fault: is.get(key) ?? was.get(key)!,
      before: was.get(key)?.count ?? 0,
      now: is.get(key)?.count ?? 0,
    }))
    .filter((one) => one.before !== one.now)
}

const isBranch = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The same text for the same value, in whatever order its properties were written. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) =>
      isBranch(one) && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).toSorted(byName)) : one,
    ) ?? 'undefined'
  )
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]): number => compareText(one, other)
const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
const nodeOf = (nodes: ReadonlyMap<string, NamedNode>, id: string): NamedNode =>
  nodes.get(id) ?? { id, type: 'node', name: '' }
