import { readDefinitions, readMetrics, type BirthFault, type Definitions } from './births.ts'
import { bdSeqName, type SparkplugPayload } from './payload.ts'
import type { DeviceReport } from './report.ts'
import { Sequence, type Sequenced } from './sequence.ts'
import type { EdgeNodeAddress } from './topic.ts'

/** Devices of one edge node, born. */
const mostDevices = 1_000

/** What an edge node, or one of its devices, said of itself in its birth. */
export interface Source {
  definitions: Definitions
  /** Makes readings of it; undefined where nobody said what it measures. */
  report?: DeviceReport
  /** How it is called here; undefined where it cannot be called anything. */
  deviceId?: string
}

/**
 * - `unknown`: no birth was seen, or the connection was lost since.
 * - `born`: its birth is known, and nothing is missing since.
 * - `astray`: something is missing since its birth: only another birth helps.
 * - `dead`: it is offline.
 */
export type EdgeNodeState = 'unknown' | 'born' | 'astray' | 'dead'

/** One edge node as its host knows it. Aliases and sequence are those of its last birth, never of one before. */
export class EdgeNode<M extends Sequenced> {
  readonly address: EdgeNodeAddress
  state: EdgeNodeState = 'unknown'
  sequence: Sequence<M> | undefined
  own: Source | undefined
  readonly devices = new Map<string, Source>()
  /** Devices that were born before, and have not been since, with how they are called here. */
  readonly awaited = new Map<string, string>()
  #bdSeq: number | undefined
  #aliases = new Map<bigint, { device: string | undefined; name: string }>()

  constructor(address: EdgeNodeAddress) {
    this.address = address
  }

  /** A birth of the edge node itself: of the one before nothing holds any more. */
  beginSession(message: M, payload: SparkplugPayload, room: number): Source | BirthFault {
    this.#bdSeq = bdSeqOf(payload)
    const definitions = readDefinitions(payload, () => false, room)
    if ('fault' in definitions) return definitions
    this.#announce(undefined, definitions)
    this.sequence = new Sequence<M>(message)
    this.state = 'born'
    return (this.own = { definitions })
  }

  /** Its birth does not hold any more. @returns what waited for its turn */
  endSession(state: Exclude<EdgeNodeState, 'born'>): M[] {
    const early = this.sequence?.giveUp() ?? []
    this.state = state
    this.sequence = undefined
    // Another session may have begun unseen: its death is of this edge node, whatever its number.
    if (state === 'unknown') this.#bdSeq = undefined
    this.own = undefined
    this.#aliases.clear()
    for (const [device, source] of this.devices) this.#await(device, source)
    this.devices.clear()
    return early
  }

  /** Whether a death is of the session that is known: a Will may be delivered after the next birth. */
  isDeathOfThis(payload: SparkplugPayload): boolean {
    const bdSeq = bdSeqOf(payload)
    return this.#bdSeq === undefined || bdSeq === this.#bdSeq
  }

  /** A birth of a device. Where it cannot be used, the device is not born, whatever it was before. */
  beginDevice(device: string, payload: SparkplugPayload, room: number): Source | BirthFault {
    const before = this.endDevice(device)
    if (before) this.#await(device, before)
    if (this.devices.size >= mostDevices)
      return { reason: 'too_many_items', fault: `its edge node has ${mostDevices} devices already` }
    const definitions = readDefinitions(payload, (alias) => this.#aliases.has(alias), room)
    if ('fault' in definitions) return definitions
    this.#announce(device, definitions)
    this.awaited.delete(device)
    const source: Source = { definitions }
    this.devices.set(device, source)
    return source
  }

  /** @returns what was known of it, where it was born */
  endDevice(device: string): Source | undefined {
    const source = this.devices.get(device)
    this.devices.delete(device)
    for (const { alias } of source?.definitions.values() ?? []) if (alias !== undefined) this.#aliases.delete(alias)
    return source
  }

  /** Reads metrics of the edge node, or of a device of it, by name or by alias. */
  read(device: string | undefined, payload: SparkplugPayload, { definitions }: Source): ReturnType<typeof readMetrics> {
    return readMetrics(payload, definitions, (alias) => {
      const owner = this.#aliases.get(alias)
      return owner?.device === device ? owner?.name : undefined
    })
  }

  /** Metrics that are defined, of the edge node and its devices. */
  get metricCount(): number {
    let count = this.own?.definitions.size ?? 0
    for (const { definitions } of this.devices.values()) count += definitions.size
    return count
  }

  #await(device: string, { deviceId }: Source): void {
    if (deviceId !== undefined) this.awaited.set(device, deviceId)
  }

  #announce(device: string | undefined, definitions: Definitions): void {
    for (const { alias, name } of definitions.values())
      if (alias !== undefined) this.#aliases.set(alias, { device, name })
  }
}

/** The number that pairs an NBIRTH with its NDEATH. */
export function bdSeqOf({ metrics }: SparkplugPayload): number | undefined {
  const value = metrics.find(({ name }) => name === bdSeqName)?.value
  return typeof value === 'bigint' ? Number(value) : undefined
}
