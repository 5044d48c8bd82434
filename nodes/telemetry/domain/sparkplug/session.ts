import type { Reason } from '../../../../platform/wire/reasons.ts'
import { birthValues, type BirthFault } from './births.ts'
import { bdSeqOf, EdgeNode, type EdgeNodeState, type Source } from './edge-node.ts'
import { identifierOf, roleOf } from './mapping.ts'
import type { MappingRule } from './mapping-rules.ts'
import type { SparkplugPayload } from './payload.ts'
import { Presences } from './presence.ts'
import { Rebirths } from './rebirths.ts'
import { DeviceReport, type ContractMessage, type ReadMetric } from './report.ts'
import { isSequenceNumber, type Sequenced } from './sequence.ts'
import { nameOf, readSparkplugTopic, type EdgeNodeAddress, type SourceAddress, type SparkplugTopic } from './topic.ts'

/** A message as it came, with what it was decoded to, or why it cannot be. */
export interface SparkplugMessage {
  topic: string
  raw: Uint8Array
  payload: SparkplugPayload | { reason: Reason; detail: string }
}

/** The platform's time, UTC ms, and the machine's, by which it waits, ms. */
export interface Moment {
  at: number
  paceMs: number
}

/** A message that is kept out, as it came, with the reason. */
export interface Refusal {
  topic: string
  raw: Uint8Array
  reason: Reason
  detail: string
  deviceId?: string
}

export type Outcome =
  | { kind: 'contract'; message: ContractMessage }
  | { kind: 'refusal'; refusal: Refusal }
  | { kind: 'rebirth'; address: EdgeNodeAddress }

export interface SessionOptions {
  /** What is missing may come this much later, ms. 0: nothing is waited for. */
  reorderMs: number
  /** An edge node is asked for its births once in this time at most, ms. */
  rebirthMs: number
  /** The clock of an edge node may run ahead by this much, ms. */
  maxAheadMs: number
  rules: readonly MappingRule[]
}

/** Edge nodes that are known; beyond it those go that are not born. */
const mostEdgeNodes = 10_000
/** Metrics defined by all births together. */
const mostMetrics = 1_000_000

type NodeTopic = Extract<SparkplugTopic, { group: string }>

/** A message that is understood so far, and waits for its turn. */
interface Pending extends Sequenced {
  topic: NodeTopic
  /** Who it is about. */
  address: SourceAddress
  message: SparkplugMessage
  payload: SparkplugPayload
}

type Node = EdgeNode<Pending>

/** What one call brings about. */
interface Turn extends Moment {
  out: Outcome[]
}

/**
 * The session state of every edge node as a host application keeps it (Sparkplug 3.0.0, chapter 5): who is born, what
 * its metrics are called, what is missing. Every message becomes messages of the field contract, or is refused as it
 * came; only commands, repetitions, deaths of an earlier session and what nobody mapped become nothing, and are counted.
 */
export class SparkplugSession {
  /** What became nothing: messages, and metrics of a type that no reading has. */
  readonly ignored = { repeated: 0, outdatedDeaths: 0, unmapped: 0, unsupportedMetrics: 0 }
  #options: SessionOptions
  #nodes = new Map<string, Node>()
  /** Until when what is missing of an edge node may still come; machine pace, ms. */
  #missingUntil = new Map<Node, number>()
  #rebirths: Rebirths<Node>
  #presences = new Presences()
  #metricCount = 0
  #bornCount = 0

  constructor(options: SessionOptions) {
    this.#options = options
    this.#rebirths = new Rebirths(options.rebirthMs)
  }

  /** How many edge nodes are born. */
  get bornCount(): number {
    return this.#bornCount
  }

  /** When `tick` has something to do; machine pace, ms. */
  get dueAt(): number | undefined {
    let due = this.#rebirths.dueAt
    for (const until of this.#missingUntil.values()) due = Math.min(due ?? until, until)
    return due
  }

  take(message: SparkplugMessage, moment: Moment): Outcome[] {
    const turn: Turn = { ...moment, out: [] }
    const topic = readSparkplugTopic(message.topic)
    if (!topic) refuse(turn, message, 'bad_topic', `topic ${message.topic.slice(0, 200)} is none of Sparkplug B`)
    else if (topic.type !== 'command' && topic.type !== 'state') this.#open(turn, topic, message)
    return turn.out
  }

  /** Time has passed: what is still missing is not coming. */
  tick(moment: Moment): Outcome[] {
    const turn: Turn = { ...moment, out: [] }
    for (const [node, until] of this.#missingUntil) if (until <= turn.paceMs) this.#giveUp(turn, node)
    for (const node of this.#rebirths.due(turn.paceMs)) this.#askForBirth(turn, node)
    return turn.out
  }

  /** What comes from now on does not go on from what was known. */
  connectionLost(moment: Moment): Outcome[] {
    const turn: Turn = { ...moment, out: [] }
    for (const node of this.#nodes.values())
      if (node.state === 'born') this.#end(turn, node, 'unknown', 'the connection was lost before its turn')
    return turn.out
  }

  /** Those who were there before are asked for their births: an edge node reports only what changes. */
  connected(moment: Moment): Outcome[] {
    const turn: Turn = { ...moment, out: [] }
    for (const node of this.#nodes.values())
      if (node.state === 'unknown' || node.state === 'astray') this.#askForBirth(turn, node)
    return turn.out
  }

  #open(turn: Turn, topic: NodeTopic, message: SparkplugMessage): void {
    const { payload } = message
    if ('reason' in payload) return refuse(turn, message, payload.reason, payload.detail)
    const { group, edgeNode } = topic
    const node = this.#nodeAt({ group, edgeNode })
    if (!node) return refuse(turn, message, 'registration_limit', `${mostEdgeNodes} edge nodes are born already`)
    if (topic.type === 'NDEATH') return this.#death(turn, node, message, payload)
    const { seq } = payload
    if (!isSequenceNumber(seq)) return refuse(turn, message, 'bad_payload', `seq is ${seq}: it takes 0 to 255`)
    const address = { ...node.address, ...('device' in topic && { device: topic.device }) }
    const fingerprint = `${message.topic} ${seq} ${payload.timestamp} ${message.raw.length}`
    const pending: Pending = { topic, address, message, payload, seq, fingerprint, bytes: message.raw.length }
    if (node.sequence?.hasSeen(pending)) this.ignored.repeated++
    else if (topic.type === 'NBIRTH') this.#birth(turn, node, pending)
    else this.#inOrder(turn, node, pending)
  }

  #nodeAt(address: EdgeNodeAddress): Node | undefined {
    const name = nameOf(address)
    const known = this.#nodes.get(name)
    if (known) return known
    if (this.#nodes.size >= mostEdgeNodes && !this.#forgetOneUnborn()) return undefined
    const node: Node = new EdgeNode(address)
    this.#nodes.set(name, node)
    return node
  }

  #forgetOneUnborn(): boolean {
    for (const [name, node] of this.#nodes) {
      if (node.state === 'born') continue
      this.#nodes.delete(name)
      this.#rebirths.settle(node)
      this.#presences.release(name)
      return true
    }
    return false
  }

  #birth(turn: Turn, node: Node, pending: Pending): void {
    this.#end(turn, node, 'astray', 'it was born again before its turn')
    const source = this.#define(node, (room) => node.beginSession(pending, pending.payload, room))
    if ('fault' in source) return refuseBirth(turn, pending, source)
    this.#bornCount++
    this.#rebirths.settle(node)
    this.#introduce(turn, node, source, pending)
  }

  #death(turn: Turn, node: Node, message: SparkplugMessage, payload: SparkplugPayload): void {
    if (bdSeqOf(payload) === undefined)
      return refuse(
        turn,
        message,
        'bad_payload',
        `${nameOf(node.address)}: an NDEATH without bdSeq may be of any session`,
      )
    if (!node.isDeathOfThis(payload)) {
      this.ignored.outdatedDeaths++
      return
    }
    this.#end(turn, node, 'dead', 'it went offline before its turn')
    this.#rebirths.settle(node)
    const deviceId = this.#ownIdentifier(node)
    if (deviceId !== undefined) this.#say(turn, deviceId, 'offline', turn.at)
    this.#missAwaited(turn, node)
  }

  /** Its birth does not hold any more: what waited for its turn has none. */
  #end(turn: Turn, node: Node, state: 'unknown' | 'astray' | 'dead', why: string): void {
    if (node.state === 'born') {
      this.#metricCount -= node.metricCount
      this.#bornCount--
    }
    this.#missingUntil.delete(node)
    for (const { message, address } of node.endSession(state))
      refuse(turn, message, 'sequence_gap', `${nameOf(address)}: ${why}`)
  }

  #inOrder(turn: Turn, node: Node, pending: Pending): void {
    const { sequence } = node
    if (!sequence) return this.#refuseUnborn(turn, node, pending, unborn[node.state])
    const due = sequence.take(pending)
    for (const one of due) this.#process(turn, node, one)
    if (sequence.missing === undefined) this.#missingUntil.delete(node)
    else if (this.#options.reorderMs === 0 || sequence.isFull) this.#giveUp(turn, node)
    else if (due.length > 0 || !this.#missingUntil.has(node))
      this.#missingUntil.set(node, turn.paceMs + this.#options.reorderMs)
  }

  /** What is missing may have changed anything: what came after it cannot be believed. */
  #giveUp(turn: Turn, node: Node): void {
    this.#end(turn, node, 'astray', `number ${node.sequence?.missing} is missing before it`)
    this.#askForBirth(turn, node)
  }

  #process(turn: Turn, node: Node, pending: Pending): void {
    const { device } = pending.address
    if (device === undefined) this.#data(turn, node, node.own, pending)
    else if (pending.topic.type === 'DBIRTH') this.#deviceBirth(turn, node, device, pending)
    else if (pending.topic.type === 'DDEATH') this.#deviceDeath(turn, node, device, pending)
    else this.#data(turn, node, node.devices.get(device), pending)
  }

  #deviceBirth(turn: Turn, node: Node, device: string, pending: Pending): void {
    const source = this.#define(node, (room) => node.beginDevice(device, pending.payload, room))
    if ('fault' in source) refuseBirth(turn, pending, source)
    else this.#introduce(turn, node, source, pending)
  }

  /** Keeps count of what births define. */
  #define(node: Node, begin: (room: number) => Source | BirthFault): Source | BirthFault {
    const before = node.state === 'born' ? node.metricCount : 0
    const source = begin(mostMetrics - this.#metricCount)
    if (node.state === 'born') this.#metricCount += node.metricCount - before
    return source
  }

  /** Says who was born, and reports what the birth says. */
  #introduce(turn: Turn, node: Node, source: Source, { address, payload, message }: Pending): void {
    const metrics = node.read(address.device, payload, source)
    if ('unknown' in metrics) throw new Error(`a birth announces what it says: ${metrics.unknown}`)
    this.ignored.unsupportedMetrics += metrics.unsupported
    const role = roleOf(address, birthValues(source.definitions, metrics.read), this.#options.rules)
    if ('fault' in role) return refuse(turn, message, 'not_mapped', role.fault)
    const taken = this.#presences.claim(role.deviceId, nameOf(address))
    if (taken !== undefined) return refuse(turn, message, 'not_mapped', taken)
    source.deviceId = role.deviceId
    this.#say(turn, role.deviceId, 'online', turn.at)
    if (!role.target) return
    source.report = new DeviceReport(role.target)
    this.#report(turn, source.report.birth(this.#believed(turn, metrics.read)))
  }

  #deviceDeath(turn: Turn, node: Node, device: string, pending: Pending): void {
    const source = node.endDevice(device)
    if (!source) return this.#refuseUnborn(turn, node, pending, unborn.unknown)
    this.#metricCount -= source.definitions.size
    const { timestamp } = pending.payload
    const at = timestamp === undefined || this.#isTooFarAhead(turn, timestamp) ? turn.at : timestamp
    if (source.deviceId !== undefined) this.#say(turn, source.deviceId, 'offline', at)
  }

  #data(turn: Turn, node: Node, source: Source | undefined, pending: Pending): void {
    // All births come before the first data (6.4.23): a device that was not born again by now is gone.
    this.#missAwaited(turn, node)
    if (!source) return this.#refuseUnborn(turn, node, pending, unborn.unknown)
    const metrics = node.read(pending.address.device, pending.payload, source)
    if ('unknown' in metrics)
      return this.#refuseUnborn(turn, node, pending, `${metrics.unknown} was not in its birth`, source.deviceId)
    this.ignored.unsupportedMetrics += metrics.unsupported
    if (source.report) this.#report(turn, source.report.changes(this.#believed(turn, metrics.read)))
    else this.ignored.unmapped++
  }

  /** What no clock says yet must not be the newest: it stands alone, for the contract to refuse. */
  #believed(turn: Turn, metrics: readonly ReadMetric[]): ReadMetric[] {
    return metrics.map((metric) =>
      metric.at !== undefined && this.#isTooFarAhead(turn, metric.at) ? { ...metric, isHistorical: true } : metric,
    )
  }

  #isTooFarAhead(turn: Turn, instant: number): boolean {
    return instant - turn.at > this.#options.maxAheadMs
  }

  #missAwaited(turn: Turn, node: Node): void {
    for (const deviceId of node.awaited.values()) this.#say(turn, deviceId, 'offline', turn.at)
    node.awaited.clear()
  }

  /** An edge node goes offline by its name, and has one also where it was never born here. */
  #ownIdentifier({ address }: Node): string | undefined {
    const deviceId = identifierOf(address, this.#options.rules)
    if (typeof deviceId === 'object') return undefined
    return this.#presences.claim(deviceId, nameOf(address)) === undefined ? deviceId : undefined
  }

  /** What no birth announced cannot be understood: another birth helps. */
  #refuseUnborn(turn: Turn, node: Node, { message, address }: Pending, why: string, deviceId?: string): void {
    refuse(turn, message, 'not_born', `${nameOf(address)}: ${why}`, deviceId)
    this.#askForBirth(turn, node)
  }

  #askForBirth(turn: Turn, node: Node): void {
    if (this.#rebirths.ask(node, turn.paceMs)) turn.out.push({ kind: 'rebirth', address: node.address })
  }

  #say(turn: Turn, deviceId: string, status: 'online' | 'offline', at: number): void {
    this.#report(turn, [this.#presences.say(deviceId, status, at)])
  }

  #report(turn: Turn, messages: ContractMessage[]): void {
    for (const message of messages) turn.out.push({ kind: 'contract', message })
  }
}

function refuseBirth(turn: Turn, { message, address }: Pending, { reason, fault }: BirthFault): void {
  refuse(turn, message, reason, `${nameOf(address)}: ${fault}`)
}

function refuse(turn: Turn, { topic, raw }: SparkplugMessage, reason: Reason, detail: string, deviceId?: string): void {
  const refusal = { topic, raw, reason, detail, ...(deviceId !== undefined && { deviceId }) }
  turn.out.push({ kind: 'refusal', refusal })
}

const unborn = {
  unknown: 'no birth of it was seen',
  born: 'it is born',
  astray: 'messages are missing since its birth, another one is awaited',
  dead: 'it is offline',
} as const satisfies Record<EdgeNodeState, string>
