import { writeSync } from 'node:fs'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { verbOf } from './node-types.ts'
import {
  namedNode,
  nameOf,
  type Assignment,
  type Fault,
  type Item,
  type NamedNode,
  type UnsettledBatch,
} from './outcome.ts'
import { plain, plainMessage } from './plain.ts'
import type { Published } from './played-mqtt.ts'

/** What Node-RED's hooks tell of a node; inside a subflow `_alias` is the id that the flows know it by. */
export interface LiveNode {
  readonly id: string
  readonly type: string
  readonly _alias?: string
}

export interface Delivery {
  readonly msg: Record<string, unknown>
  readonly source?: { readonly node: LiveNode }
  readonly destination: { readonly node: LiveNode }
}

/** A line of Node-RED's log. */
export interface LogEntry {
  readonly level: number
  readonly msg: unknown
  readonly id?: string
  readonly _alias?: string
}

const mostItems = 200_000
const mostKinds = 1_000
const levels = { error: 20, warn: 30 }

/** Takes down what happens in the tab: what comes out of it, its errors, and who is active. */
export class Recorder {
  /** Grows with every step that a message makes. */
  steps = 0
  full = false
  #nodes: ReadonlyMap<string, NamedNode>
  #tell: (items: Item[]) => void
  #activityFile: number
  #outward: ReadonlySet<string>
  #active = ''
  #untold: Item[] = []
  #taken = 0
  #faults = new Map<string, Fault>()
  #warnings = new Map<string, number>()
  #batches = new Map<number, UnsettledBatch>()

  /**
   * @param activityFile  open file that always names the active node: it is read when nothing else answers any more
   * @param tell  takes items as they come
   */
  constructor(flows: Assignment['flows'], activityFile: number, tell: (items: Item[]) => void) {
    this.#nodes = new Map(flows.map((node) => [node.id, namedNode(node)]))
    this.#outward = new Set(flows.filter(leadsOutward(new Set(flows.map(({ id }) => id)))).map(({ id }) => id))
    this.#activityFile = activityFile
    this.#tell = tell
  }

  /** A node is about to receive a message. */
  received = ({ msg, destination: { node } }: Delivery): void => {
    this.steps++
    const id = idOf(node)
    if (id !== this.#active) {
      this.#active = id
      writeSync(this.#activityFile, id.slice(0, 64).padEnd(64), 0)
    }
    if (node.type === 'catch') this.#caught(msg, id)
    if (this.#outward.has(id)) this.take(id, verbOf(node.type), msg)
  }

  /** Nodes have sent messages. */
  sent = (deliveries: readonly Delivery[]): void => {
    this.steps++
    for (const { msg, source } of deliveries) {
      const { batchId, topic, payload } = msg
      if (typeof batchId !== 'number' || this.#batches.has(batchId) || !acknowledgements.isOpen(batchId)) continue
      const items = Array.isArray(payload) ? payload.length : 1
      this.#batches.set(batchId, { batchId, topic: String(topic), items, from: this.#nameOf(idOf(source!.node)) })
    }
  }

  logged = ({ level, msg, id, _alias }: LogEntry): void => {
    const known = _alias ?? id
    const message = messageOf(msg).slice(0, 500)
    if (level <= levels.error) this.#addFault({ node: this.#nodeOf(known ?? ''), message, count: 1 })
    else if (level === levels.warn && known !== undefined && this.#warnings.size < mostKinds) {
      const line = `${this.#nameOf(known)} warns: ${message}`
      this.#warnings.set(line, (this.#warnings.get(line) ?? 0) + 1)
    }
  }

  /** A message that came out of the tab. */
  take(id: string, verb: string, msg: object): void {
    const value = plainMessage(msg)
    const { topic, payload } = value
    this.add({ node: id, verb, group: typeof topic === 'string' ? topic : '', key: '', ...deviceOf(payload), value })
  }

  /** What the active node published. */
  published = ({ topic, payload, qos, retain }: Published): void => {
    const content = readable(payload)
    const value = { topic, payload: content, qos, retain }
    this.add({ node: this.#active, verb: 'published', group: topic, key: '', ...deviceOf(content), value })
  }

  add(item: Item): void {
    if (this.#taken === mostItems) {
      this.full = true
      return
    }
    this.#taken++
    this.#untold.push(item)
    if (this.#untold.length >= 500) this.flush()
  }

  flush(): void {
    if (this.#untold.length > 0) this.#tell(this.#untold)
    this.#untold = []
  }

  get nodes(): NamedNode[] {
    return [...this.#nodes.values()]
  }

  get faults(): Fault[] {
    return [...this.#faults.values()]
  }

  get warnings(): string[] {
    return [...this.#warnings].map(([line, count]) => (count > 1 ? `${line} (${count} times)` : line))
  }

  /** Batches that nobody has settled. */
  get unsettled(): UnsettledBatch[] {
    const known = [...this.#batches.values()].filter(({ batchId }) => acknowledgements.isOpen(batchId))
    const others = Math.max(0, acknowledgements.size - known.length)
    const unseen = Array.from({ length: others }, () => ({
      batchId: 0,
      topic: '',
      items: 0,
      from: 'an unwired output',
    }))
    return [...known, ...unseen]
  }

  get activeNode(): string {
    return this.#nameOf(this.#active)
  }

  #caught(msg: Record<string, unknown>, catchId: string): void {
    const { message, source } = (msg['error'] ?? {}) as { message?: unknown; source?: { id?: string } }
    const node = this.#nodeOf(source?.id ?? '')
    this.#addFault({ node, message: String(message).slice(0, 500), caughtBy: this.#nameOf(catchId), count: 1 })
  }

  #addFault(fault: Fault): void {
    const key = `${fault.node.id}/${fault.caughtBy}/${fault.message}`
    const before = this.#faults.get(key)
    if (before) before.count++
    else if (this.#faults.size < mostKinds) this.#faults.set(key, fault)
  }

  #nodeOf = (id: string): NamedNode => this.#nodes.get(id) ?? { id, type: id === '' ? 'Node-RED' : 'node', name: '' }
  #nameOf = (id: string): string => nameOf(this.#nodeOf(id))
}

export const idOf = ({ id, _alias }: LiveNode): string => _alias ?? id

/** Link out nodes with an end on another tab. */
const leadsOutward =
  (here: ReadonlySet<string>) =>
  (node: Assignment['flows'][number]): boolean =>
    node.type === 'link out' && Array.isArray(node['links']) && node['links'].some((id) => !here.has(String(id)))

/** The device that a payload names, as the contract or a reading does. */
function deviceOf(payload: unknown): { device?: string } {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return {}
  const { deviceId, device_id, meter_id, panel_id, switch_id } = payload as Record<string, unknown>
  const device = deviceId ?? device_id ?? meter_id ?? panel_id ?? switch_id
  return typeof device === 'string' ? { device } : {}
}

function readable(payload: string | Buffer): unknown {
  try {
    return plain(JSON.parse(String(payload)))
  } catch {
    return plain(payload)
  }
}
