import { fieldContract } from '../platform/wire/contract.ts'
import type { DerTelemetry, MeterReading, PanelReading } from '../platform/wire/payloads.ts'
import { drawOf, round, type Draw } from './draw.ts'
import { deviceFaults, faultNames, messageFaults, type FaultName, type FaultShares } from './fault-names.ts'
import type { FieldMessage } from './field-message.ts'

/** A time during which things go wrong, UTC milliseconds, `to` excluded. */
export interface FaultPeriod {
  readonly from: number
  readonly to: number
  readonly shares: FaultShares
  /** How long late readings are held back, ms. */
  readonly holdMs: number
}

/** A message as it goes to the broker. */
export interface SentMessage {
  readonly deviceId: string
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
}

/** A device's clock that was set wrong is ahead by this much. */
const AHEAD_MS = 3_600_000
/** Where a clock begins whose battery is empty. */
const RESET_CLOCK = Date.UTC(2000, 0, 1)
const MOST_HELD_BACK = 100_000

/**
 * What goes wrong between a device and the broker. Messages come in sound and go out as they are sent; the same
 * messages, seed and periods give the same, byte for byte. Readings of DERs, panels and meters are concerned, each by
 * one fault at most, so that what comes of them can be counted; states of switches, events and presence stay sound.
 */
export class Faults {
  readonly #seed: number
  readonly #periods: readonly FaultPeriod[]
  readonly #draws = new Map<string, Draw>()
  readonly #chances = new Map<string, number>()
  readonly #counts = Object.fromEntries(faultNames.map((name) => [name, 0])) as Record<FaultName, number>
  #heldBack: { readonly until: number; readonly message: SentMessage }[] = []

  constructor(seed: number, periods: readonly FaultPeriod[]) {
    this.#seed = seed
    this.#periods = periods
  }

  /** Messages concerned so far; a late one counts when it is sent. */
  get counts(): Readonly<Record<FaultName, number>> {
    return this.#counts
  }

  /** Late messages that are not sent yet. */
  get heldBack(): number {
    return this.#heldBack.length
  }

  /**
   * What is sent at a step: the messages of the step with their faults, after late ones whose time has come.
   * @param at  instant of the step, UTC milliseconds
   */
  apply(messages: readonly FieldMessage[], at: number): SentMessage[] {
    const released = this.#heldBack.filter(({ until }) => until <= at).map(({ message }) => message)
    this.#heldBack = this.#heldBack.filter(({ until }) => until > at)
    this.#counts.late += released.length
    const periods = this.#periods.filter(({ from, to }) => from <= at && at < to)
    if (periods.length === 0) return [...released, ...messages.map(sound)]
    return [...released, ...messages.flatMap((message) => this.#send(message, periods, at))]
  }

  #send(message: FieldMessage, periods: readonly FaultPeriod[], at: number): SentMessage[] {
    if (!isReading(message)) return [sound(message)]
    const shares: FaultShares = Object.assign({}, ...periods.map((period) => period.shares))
    const draw = this.#drawOf(message.deviceId)
    const fault = this.#faultOfDevice(message.deviceId, shares) ?? faultOfMessage(shares, draw.uniform())
    if (fault === undefined) return [sound(message)]
    if (fault === 'late') {
      if (this.#heldBack.length >= MOST_HELD_BACK) return [sound(message)]
      const { holdMs } = periods.findLast(({ shares: { late } }) => late !== undefined)!
      this.#heldBack.push({ until: at + holdMs, message: sound(message) })
      return []
    }
    this.#counts[fault] += 1
    return faulty[fault](message, draw, at - periods[0]!.from)
  }

  #faultOfDevice(deviceId: string, shares: FaultShares): (typeof deviceFaults)[number] | undefined {
    return deviceFaults.find((fault) => this.#chanceOf(`${fault}/${deviceId}`) < (shares[fault] ?? 0))
  }

  #drawOf(deviceId: string): Draw {
    const draw = this.#draws.get(deviceId) ?? drawOf(this.#seed, `faults/${deviceId}`)
    this.#draws.set(deviceId, draw)
    return draw
  }

  /** The same device has the same faults for as long as it is run. */
  #chanceOf(name: string): number {
    const chance = this.#chances.get(name) ?? drawOf(this.#seed, `faults/${name}`).uniform()
    this.#chances.set(name, chance)
    return chance
  }
}

type Reading = FieldMessage & { readonly kind: 'der' | 'panel' | 'meter' }

const isReading = (message: FieldMessage): message is Reading => ['der', 'panel', 'meter'].includes(message.kind)

function faultOfMessage(shares: FaultShares, chance: number): (typeof messageFaults)[number] | undefined {
  let below = 0
  return messageFaults.find((fault) => chance < (below += shares[fault] ?? 0))
}

const sound = ({ deviceId, topic, payload, retain }: FieldMessage): SentMessage => ({
  ...{ deviceId, topic, payload: JSON.stringify(payload), retain },
})

const changed = (message: FieldMessage, fields: object): SentMessage =>
  sound({ ...message, payload: { ...message.payload, ...fields } })

/** What a fault makes of a message. */
type Fault = (message: Reading, draw: Draw, sinceMs: number) => SentMessage[]

const faulty: Record<Exclude<FaultName, 'late'>, Fault> = {
  malformed(message, draw) {
    const whole = sound(message)
    // no beginning of an object is one
    const length = 1 + Math.floor(draw.uniform() * (whole.payload.length - 1))
    return [{ ...whole, payload: whole.payload.slice(0, length) }]
  },
  out_of_range: (message) => [changed(message, beyondRange[message.kind])],
  missing_field(message, draw) {
    const required = fieldContract[message.kind].schema.required ?? []
    const missing = required[Math.floor(draw.uniform() * required.length)]!
    return [changed(message, { [missing]: undefined })]
  },
  mislabelled: (message) => [
    changed(message, { [fieldContract[message.kind].idField]: `${message.deviceId}-neighbour` }),
  ],
  duplicate: (message) => [sound(message), sound(message)],
  conflicting: (message) => [sound(message), changed(message, otherValues(message))],
  clock_ahead: (message) => [withTimestamp(message, Date.parse(timestampOf(message)) + AHEAD_MS)],
  clock_behind: (message, _draw, sinceMs) => [withTimestamp(message, RESET_CLOCK + sinceMs)],
  silent: () => [],
}

const beyondRange = {
  der: { p_actual_kw: 1_000_000 },
  panel: { temperature_celsius: 250 },
  meter: { frequency_hz: 400 },
} as const satisfies Record<Reading['kind'], object>

/** Values that are sound as well, and others. */
function otherValues({ kind, payload }: Reading): object {
  if (kind === 'panel') {
    const { temperature_celsius: celsius } = payload as PanelReading
    return { temperature_celsius: round(celsius < 79 ? celsius + 1 : celsius - 1, 1) }
  }
  if (kind === 'meter') return { va_v: round(((payload as MeterReading).va_v ?? 0) + 1, 2) }
  const { p_actual_kw: kw, p_max_kw: maxKw } = payload as DerTelemetry
  return { p_actual_kw: round(kw >= 0.1 * maxKw ? kw - 0.1 * maxKw : kw + 0.1 * maxKw, 3) }
}

const timestampOf = ({ payload }: FieldMessage): string => (payload as { timestamp: string }).timestamp

const withTimestamp = (message: FieldMessage, at: number): SentMessage =>
  changed(message, { timestamp: new Date(at).toISOString() })
