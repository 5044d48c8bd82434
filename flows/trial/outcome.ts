import type { Registration } from '../../platform/network/registration.ts'

/** A node of the tab, as a report names it. */
export interface NamedNode {
  readonly id: string
  readonly type: string
  readonly name: string
}

export function namedNode({ id, type, ...more }: Assignment['flows'][number]): NamedNode {
  const name = more['name'] ?? more['label']
  return { id, type, name: typeof name === 'string' ? name : '' }
}

/** How a report calls a node: its type, and the name that somebody gave it; without one its id. */
export const nameOf = ({ type, name, id }: NamedNode): string =>
  [type.replace(/^linhaviva-/, ''), name === '' ? id && `(${id})` : `"${name}"`].filter(Boolean).join(' ')

/** One thing that came out of the tab. */
export interface Item {
  /** Id of the node it came out of. */
  readonly node: string
  /** What would have become of it: stored, quarantined, published, … */
  readonly verb: string
  /** What it is counted by: the kind of reading, the reason of a rejection, the topic. */
  readonly group: string
  readonly device?: string
  /** What tells it from others of its group, such as a reading's instant; '' where nothing does. */
  readonly key: string
  readonly value: unknown
}

export interface Fault {
  readonly node: NamedNode
  readonly message: string
  /** Name of the Catch node that took it; unset where none did. */
  readonly caughtBy?: string
  count: number
}

export interface UnsettledBatch {
  readonly batchId: number
  readonly topic: string
  readonly items: number
  /** The node that emitted it. */
  readonly from: string
}

/** What became of the traffic in one tab. */
export interface Outcome {
  readonly played: number
  /** Messages that no node of the tab listens to. */
  readonly unheard: number
  readonly nodes: readonly NamedNode[]
  readonly items: readonly Item[]
  readonly faults: readonly Fault[]
  readonly unsettled: readonly UnsettledBatch[]
  /** What whoever reads the report should know. */
  readonly notes: readonly string[]
  /** Why it ended before all was played and at rest. */
  readonly broken?: string
  readonly tookMs: number
}

/** What the playing process says while it runs; `items` come before `done`. */
export type Telling =
  | { readonly is: 'alive'; readonly played: number }
  | { readonly is: 'items'; readonly items: readonly Item[] }
  | { readonly is: 'done'; readonly rest: Omit<Outcome, 'items' | 'tookMs'> }

/** What the playing process is told to do. */
export interface Assignment {
  readonly flows: readonly { readonly id: string; readonly type: string; readonly [property: string]: unknown }[]
  /** Types that are stood in for. */
  readonly standIns: readonly string[]
  readonly trafficFile: string
  /** Devices that are known before the first message. */
  readonly registrations: readonly Registration[]
  readonly pace: 'fast' | 'recorded'
  /** After the last message the tab may take this long to come to rest, ms. */
  readonly settleMs: number
  /** Messages within this time of each other make up a batch, ms. */
  readonly batchMs: number
  /** File that always names the node that is active. */
  readonly activityFile: string
}
