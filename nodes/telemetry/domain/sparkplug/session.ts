import type { Reason } from '../../../../platform/wire/reasons.ts'
import type { BirthFault } from './births.ts'
import { bdSeqOf, EdgeNode, type Source } from './edge-node.ts'
import type { MetricValue } from './datatype.ts'
import { identifierOf, roleOf } from './mapping.ts'
import type { MappingRule } from './mapping-rules.ts'
import type { SparkplugPayload } from './payload.ts'
import { Presences } from './presence.ts'
import { DeviceReport, type ContractMessage } from './report.ts'
import { isSequenceNumber, type Sequenced } from './sequence.ts'
import { nameOf, readSparkplugTopic, type EdgeNodeAddress, type SparkplugTopic } from './topic.ts'

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
  rules: readonly MappingRule[]
}

/** Edge nodes that are known; beyond it those go that are not born. */
const mostEdgeNodes = 10_000
/** Devices of one edge node, born. */
const mostDevices = 1_000
/** Metrics defined by all births together. */
const mostMetrics = 1_000_000

type NodeTopic = Extract<SparkplugTopic, { group: string }>

/** A message that is understood so far, and waits for its turn. */
interface Pending extends Sequenced {
  topic: NodeTopic
  message: SparkplugMessage
  payload: SparkplugPayload
}

/** What one call brings about. */
interface Turn extends Moment {
  out: Outcome[]
}

/**
 * The session state of every edge node as a host application keeps it (Sparkplug 3.0.0, chapter 5): who is born, what
 * his metrics are called, what is missing. Every message becomes messages of the field contract, or is refused as it
 * came; only commands, repetitions, deaths of an earlier session and what nobody mapped become nothing, and are counted.
 */
export class SparkplugSession {
  /** What became nothing: messages, and metrics of a type that no reading has. */
  readonly ignored = { repeated: 0, outdatedDeaths: 0, unmapped: 0, unsupportedMetrics: 0 }
  #options: SessionOptions
  #nodes = new Map<string, EdgeNode<Pending>>()
  /** Those for whom time matters. */
  #waiting = new Set<EdgeNode<Pending>>()
  #presences = new Presences()
  #metricCount = 0

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /** When `tick` has something to do; machine pace, ms. */
  get dueAt(): number | undefined {
    let due = Infinity
    for (const { missingUntil = Infinity, askAgainAt = Infinity } of this.#waiting)
      due = Math.min(due, missingUntil, askAgainAt)
    return due === Infinity ? undefined : due
  }

  /** How many edge nodes are born. */
  get bornCount(): number {
    let count = 0
    for (const { state } of this.#nodes.values()) if (state === 'born') count++
    return count
  }

  take(message: SparkplugMessage, moment: Moment): Outcome[] {
    const turn: Turn = { ...moment, out: [] }
    const topic = readSparkplugTopic(message.topic)
    if (!topic) this.#refuse(turn, message, 'bad_topic', `topic ${message.topic.slice(0, 200)} is none of Sparkplug B`)
    else if (topic.type !== 'command' && topic.type !== 'state') this.#open(turn, topic, message)
    return turn.out
  }

  /** Time has passed: what is still missing is not coming. */
  tick(moment: Moment): Outcome[] {
    const turn: Turn = { ...moment, out: [] }
    for (const node of [...this.#waiting]) {
      if ((node.missingUntil ?? Infinity) <= turn.paceMs) this.#giveUp(turn, node)
      if ((node.askAgainAt ?? Infinity) <= turn.paceMs) this.#askForBirth(turn, node)
    }
    return turn.out
  }

  /** What comes from now on does not go on from what was known. */
  connectionLost(): Outcome[] {
    const turn: Turn = { at: 0, paceMs: 0, out: [] }
    for (const node of this.#nodes.values()) {
      if (node.state !== 'born') continue
      for (const { message } of this.#end(node, 'unknown'))
        this.#refuse(turn, message, 'sequence_gap', `${nameOf(node.address)}: the connection was lost before its turn`)
    }
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
    if ('reason' in payload) return this.#refuse(turn, message, payload.reason, payload.detail)
    const node = this.#nodeAt(topic)
    if (!node) return this.#refuse(turn, message, 'registration_limit', `${mostEdgeNodes} edge nodes are born already`)
    if (topic.type === 'NDEATH') return this.#death(turn, node, message, payload)
    const { seq } = payload
    if (!isSequenceNumber(seq)) return this.#refuse(turn, message, 'bad_payload', `seq is ${seq}: it takes 0 to 255`)
    const fingerprint = `${message.topic} ${seq} ${payload.timestamp} ${message.raw.length}`
    const pending: Pending = { topic, message, payload, seq, fingerprint, bytes: message.raw.length }
    if (node.sequence?.hasSeen(pending)) this.ignored.repeated++
    else if (topic.type === 'NBIRTH') this.#birth(turn, node, pending)
    else this.#inOrder(turn, node, pending)
  }

  #nodeAt({ group, edgeNode }: EdgeNodeAddress): EdgeNode<Pending> | undefined {
    const address = { group, edgeNode }
    const name = nameOf(address)
    const known = this.#nodes.get(name)
    if (known) return known
    if (this.#nodes.size >= mostEdgeNodes && !this.#forgetOneUnborn()) return undefined
    const node = new EdgeNode<Pending>(address)
    this.#nodes.set(name, node)
    return node
  }

  #forgetOneUnborn(): boolean {
    for (const [name, node] of this.#nodes) {
      if (node.state === 'born') continue
      this.#nodes.delete(name)
      this.#waiting.delete(node)
      this.#presences.release(name)
      return true
    }
    return false
  }

  #birth(turn: Turn, node: EdgeNode<Pending>, pending: Pending): void {
    const name = nameOf(node.address)
    for (const { message } of this.#end(node, 'astray'))
      this.#refuse(turn, message, 'sequence_gap', `${name} was born again before its turn`)
    if (this.#metricCount + pending.payload.metrics.length > mostMetrics)
      return this.#refuse(turn, pending.message, 'too_many_items', `${mostMetrics} metrics are defined already`)
    const source = node.beginSession(pending, pending.payload)
    if ('fault' in source) return this.#refuseBirth(turn, pending, name, source)
    this.#waiting.delete(node)
    this.#metricCount += source.definitions.size
    this.#introduce(turn, node, source, pending)
  }

  #death(turn: Turn, node: EdgeNode<Pending>, message: SparkplugMessage, payload: SparkplugPayload): void {
    const name = nameOf(node.address)
    if (bdSeqOf(payload) === undefined)
      return this.#refuse(turn, message, 'bad_payload', `${name}: an NDEATH without bdSeq may be of any session`)
    if (!node.isDeathOfThis(payload)) {
      this.ignored.outdatedDeaths++
      return
    }
    for (const one of this.#end(node, 'dead'))
      this.#refuse(turn, one.message, 'sequence_gap', `${name} went offline before its turn`)
    node.askAgainAt = undefined
    this.#waiting.delete(node)
    const deviceId = node.own?.deviceId ?? this.#ownIdentifier(node)
    if (deviceId !== undefined) this.#say(turn, deviceId, 'offline', turn.at)
    for (const device of node.awaited.values())
      if (device.deviceId !== undefined) this.#say(turn, device.deviceId, 'offline', turn.at)
    node.awaited.clear()
  }

  /** Its state ends; what it defined counts no more. */
  #end(node: EdgeNode<Pending>, state: 'unknown' | 'astray' | 'dead'): Pending[] {
    if (node.state === 'born') this.#metricCount -= node.metricCount
    const early = node.endSession(state)
    if (node.askAgainAt === undefined) this.#waiting.delete(node)
    return early
  }

  #inOrder(turn: Turn, node: EdgeNode<Pending>, pending: Pending): void {
    const { sequence } = node
    if (!sequence) {
      this.#refuse(turn, pending.message, 'not_born', `${nameOf(node.address)}: ${unborn[node.state]}`)
      return this.#askForBirth(turn, node)
    }
    const due = sequence.take(pending)
    for (const one of due) this.#process(turn, node, one)
    if (sequence.missing === undefined) {
      node.missingUntil = undefined
      if (node.askAgainAt === undefined) this.#waiting.delete(node)
      return
    }
    if (due.length > 0 || node.missingUntil === undefined) node.missingUntil = turn.paceMs + this.#options.reorderMs
    this.#waiting.add(node)
    if (this.#options.reorderMs === 0 || sequence.isFull) this.#giveUp(turn, node)
  }

  /** What is missing may have changed anything: what came after it cannot be believed. */
  #giveUp(turn: Turn, node: EdgeNode<Pending>): void {
    const detail = `${nameOf(node.address)}: number ${node.sequence?.missing} is missing before it`
    for (const { message } of this.#end(node, 'astray')) this.#refuse(turn, message, 'sequence_gap', detail)
    this.#askForBirth(turn, node)
  }

  #process(turn: Turn, node: EdgeNode<Pending>, pending: Pending): void {
    const { topic, payload } = pending
    switch (topic.type) {
      case 'DBIRTH':
        return this.#deviceBirth(turn, node, topic.device, pending)
      case 'DDEATH':
        return this.#deviceDeath(turn, node, topic.device, pending)
      case 'NDATA':
        return this.#data(turn, node, undefined, node.own, pending)
      case 'DDATA':
        return this.#data(turn, node, topic.device, node.devices.get(topic.device), pending)
      default:
        throw new Error(`${topic.type} has no place in a sequence: ${payload.seq}`)
    }
  }

  #deviceBirth(turn: Turn, node: EdgeNode<Pending>, device: string, pending: Pending): void {
    const name = nameOf({ ...node.address, device })
    const before = node.endDevice(device)
    this.#metricCount -= before?.definitions.size ?? 0
    if (node.devices.size >= mostDevices)
      return this.#refuse(turn, pending.message, 'too_many_items', `${name}: its edge node has ${mostDevices} devices`)
    if (this.#metricCount + pending.payload.metrics.length > mostMetrics)
      return this.#refuse(turn, pending.message, 'too_many_items', `${mostMetrics} metrics are defined already`)
    const source = node.beginDevice(device, pending.payload)
    if ('fault' in source) return this.#refuseBirth(turn, pending, name, source)
    this.#metricCount += source.definitions.size
    this.#introduce(turn, node, source, pending)
  }

  /** Says who was born, and reports what the birth says. */
  #introduce(turn: Turn, node: EdgeNode<Pending>, source: Source, { topic, payload, message }: Pending): void {
    const address = { ...node.address, ...('device' in topic && { device: topic.device }) }
    const name = nameOf(address)
    const metrics = node.read(address.device, payload, source)
    if ('unknown' in metrics) throw new Error(`a birth announces what it says: ${metrics.unknown}`)
    this.ignored.unsupportedMetrics += metrics.unsupported
    const values = new Map<string, MetricValue | undefined>()
    for (const metric of source.definitions.keys()) values.set(metric, undefined)
    for (const { name: metric, value } of metrics.read) values.set(metric, value)
    const role = roleOf(address, values, this.#options.rules)
    const fault = 'fault' in role ? role.fault : this.#presences.claim(role.deviceId, name)
    if ('fault' in role || fault !== undefined) return this.#refuse(turn, message, 'not_mapped', fault ?? '')
    source.deviceId = role.deviceId
    this.#say(turn, role.deviceId, 'online', turn.at)
    if (!role.target) return
    source.report = new DeviceReport(role.target)
    for (const one of source.report.birth(metrics.read)) turn.out.push({ kind: 'contract', message: one })
  }

  #deviceDeath(turn: Turn, node: EdgeNode<Pending>, device: string, { message, payload }: Pending): void {
    const source = node.endDevice(device)
    if (!source) {
      this.#refuse(turn, message, 'not_born', `${nameOf({ ...node.address, device })}: no birth of it was seen`)
      return this.#askForBirth(turn, node)
    }
    this.#metricCount -= source.definitions.size
    if (source.deviceId !== undefined) this.#say(turn, source.deviceId, 'offline', payload.timestamp ?? turn.at)
  }

  #data(
    turn: Turn,
    node: EdgeNode<Pending>,
    device: string | undefined,
    source: Source | undefined,
    { message, payload }: Pending,
  ): void {
    this.#missNotReturned(turn, node)
    const name = nameOf({ ...node.address, ...(device !== undefined && { device }) })
    const metrics = source ? node.read(device, payload, source) : { unknown: 'it' }
    if (!source || 'unknown' in metrics) {
      const detail = source
        ? `${name}: ${(metrics as { unknown: string }).unknown} was not in its birth`
        : `${name}: no birth of it was seen`
      this.#refuse(turn, message, 'not_born', detail, source?.deviceId)
      return this.#askForBirth(turn, node)
    }
    this.ignored.unsupportedMetrics += metrics.unsupported
    if (!source.report) this.ignored.unmapped++
    else for (const one of source.report.changes(metrics.read)) turn.out.push({ kind: 'contract', message: one })
  }

  /** All births come before the first data (6.4.23): a device that was there before and was not born again is gone. */
  #missNotReturned(turn: Turn, node: EdgeNode<Pending>): void {
    for (const { deviceId } of node.awaited.values())
      if (deviceId !== undefined) this.#say(turn, deviceId, 'offline', turn.at)
    node.awaited.clear()
  }

  /** An edge node that goes offline without ever having been born here is known by name all the same. */
  #ownIdentifier(node: EdgeNode<Pending>): string | undefined {
    const deviceId = identifierOf(node.address, this.#options.rules)
    if (typeof deviceId === 'object') return undefined
    return this.#presences.claim(deviceId, nameOf(node.address)) === undefined ? deviceId : undefined
  }

  #askForBirth(turn: Turn, node: EdgeNode<Pending>): void {
    const nextAt = node.askedAt + this.#options.rebirthMs
    if (turn.paceMs < nextAt) {
      node.askAgainAt = nextAt
      this.#waiting.add(node)
      return
    }
    node.askedAt = turn.paceMs
    node.askAgainAt = undefined
    if (node.missingUntil === undefined) this.#waiting.delete(node)
    turn.out.push({ kind: 'rebirth', address: node.address })
  }

  #say(turn: Turn, deviceId: string, status: 'online' | 'offline', at: number): void {
    turn.out.push({ kind: 'contract', message: this.#presences.say(deviceId, status, at) })
  }

  #refuseBirth(turn: Turn, { message }: Pending, name: string, { reason, fault }: BirthFault): void {
    this.#refuse(turn, message, reason, `${name}: ${fault}`)
  }

  #refuse(turn: Turn, { topic, raw }: SparkplugMessage, reason: Reason, detail: string, deviceId?: string): void {
    turn.out.push({
      kind: 'refusal',
      refusal: { topic, raw, reason, detail, ...(deviceId !== undefined && { deviceId }) },
    })
  }
}

const unborn: Readonly<Record<string, string>> = {
  unknown: 'no birth of it was seen',
  astray: 'messages are missing since its birth, another one is awaited',
  dead: 'it is offline',
}
