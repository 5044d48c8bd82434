import { fieldContract } from '../platform/wire/contract.ts'
import type { DerTelemetry, MeterReading, PanelReading } from '../platform/wire/payloads.ts'
import { drawOf, round, type Draw } from './draw.ts'
import {
  type CommandFault,
  commandFaults,
  deviceFaults,
  type FaultInForce,
  type FaultName,
  faultNames,
  messageFaults,
} from '../platform/wire/simulation.ts'
import type { FieldMessage } from './field-message.ts'

/** Shares of messages, and of devices, 0 to 1. */
export type FaultShares = Readonly<Partial<Record<FaultName, number>>>

/** A time during which things go wrong, UTC milliseconds, `to` excluded. */
export interface FaultPeriod {
  readonly from: number
  readonly to: number
  readonly shares: FaultShares
  /** How long late ones are held back, ms. */
  readonly holdMs: number
  /** Whom it befalls: readings of DERs, panels and meters, or events. */
  readonly of: 'readings' | 'events'
}

/** A fault that somebody asks for while the field runs. */
export interface InjectedFault {
  readonly kind: FaultName
  /** The device concerned; any unless given. */
  readonly deviceId?: string | undefined
  /** Share of messages, or of devices, 0 to 1. */
  readonly share: number
  /** UTC milliseconds; Infinity: until it is cleared. */
  readonly until: number
  /** Readings concerned, then it is over; Infinity: any number. */
  readonly count: number
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

/** An injected fault, from when, and for how many readings still. */
interface Injected {
  readonly fault: InjectedFault
  readonly from: number
  left: number
}

/** What befalls a reading: a fault, of which time. */
interface Stroke {
  readonly fault: Exclude<FaultName, CommandFault>
  readonly from: number
  readonly holdMs: number
  readonly by?: Injected
}

/**
 * What goes wrong between a device and the broker. Messages come in sound and go out as they are sent; the same
 * messages, seed, periods and injected faults give the same, byte for byte. Readings of DERs, panels and meters are
 * concerned, and by periods of their own events, each by one fault at most, so that what comes of them can be counted;
 * states of switches and presence stay sound.
 * Commands and answers have faults of their own. Of faults that were injected the newest strikes first, and all before those of a period.
 */
export class Faults {
  readonly #seed: number
  readonly #draws = new Map<string, Draw>()
  readonly #chances = new Map<string, number>()
  readonly #counts = Object.fromEntries(faultNames.map((name) => [name, 0])) as Record<FaultName, number>
  #periods: readonly FaultPeriod[]
  /** The newest first. */
  #injected: Injected[] = []
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

  /** A fault more, from the step after `at` on, UTC milliseconds. */
  inject(fault: InjectedFault, at: number): void {
    this.#injected = [{ fault, from: at, left: fault.count }, ...this.#injectedAt(at)]
  }

  /** Ends what is in force; faults of a scenario that are still to come stay, and what was held back is sent later. */
  clear(at: number): void {
    this.#injected = []
    this.#periods = this.#periods.filter(({ from }) => from > at)
  }

  /** Injected faults in force. */
  injectedCount(at: number): number {
    return this.#injectedAt(at).length
  }

  /** All faults in force at an instant, UTC milliseconds. */
  inForce(at: number): FaultInForce[] {
    const injected = this.#injectedAt(at).map(({ fault: { kind, deviceId, share, until }, from, left }) =>
      faultInForce({ kind, deviceId, share, from, until, left }),
    )
    const scripted = this.#periodsAt(at).flatMap(({ shares, from, to }) =>
      faultNames.flatMap((kind) =>
        shares[kind] ? [faultInForce({ kind, share: shares[kind], from, until: to, left: Infinity })] : [],
      ),
    )
    return [...injected, ...scripted]
  }

  /**
   * What is sent at a step: the messages of the step with their faults, after late ones whose time has come.
   * @param at  instant of the step, UTC milliseconds
   */
  apply(messages: readonly FieldMessage[], at: number): SentMessage[] {
    const released = this.#heldBack.filter(({ until }) => until <= at).map(({ message }) => message)
    this.#heldBack = this.#heldBack.filter(({ until }) => until > at)
    this.#counts.late += released.length
    this.#injected = this.#injectedAt(at)
    const periods = this.#periodsAt(at)
    if (periods.length === 0 && this.#injected.length === 0) return [...released, ...messages.map(sound)]
    return [...released, ...messages.flatMap((message) => this.#send(message, periods, at))]
  }

  /**
   * What befalls a command or an answer of a device, which counts with that.
   * @param kinds  what can befall it
   */
  commandStroke(
    deviceId: string,
    kinds: readonly CommandFault[],
    at: number,
  ): { readonly fault: CommandFault; readonly holdMs: number } | undefined {
    const name = `${deviceId}/commands`
    const by = this.#injectedAt(at).find(
      ({ fault }) => kinds.some((kind) => kind === fault.kind) && this.#strikes(fault, deviceId, name),
    )
    if (by) by.left -= 1
    const periods = by ? [] : this.#periodsAt(at)
    const fault = by ? by.fault.kind : faultAmong(kinds, sharesOf(periods), this.#drawOf(name).uniform())
    if (fault === undefined) return undefined
    this.#counts[fault] += 1
    return { fault: fault as CommandFault, holdMs: by?.fault.holdMs ?? periods.at(-1)?.holdMs ?? 0 }
  }

  /** How far the clock is off by which a device judges commands, ms. */
  clockOffsetMs(deviceId: string, at: number): number {
    const injected = this.#injectedAt(at).find(
      ({ fault }) => fault.kind.startsWith('clock_') && this.#strikes(fault, deviceId),
    )
    const periods = this.#periodsAt(at)
    const fault = injected?.fault.kind ?? this.#faultOfDevice(deviceId, sharesOf(periods))
    if (fault === 'clock_ahead') return AHEAD_MS
    return fault === 'clock_behind' ? RESET_CLOCK - (injected?.from ?? periods[0]!.from) : 0
  }

  #periodsAt = (at: number) => this.#periods.filter(({ from, to }) => from <= at && at < to)

  #injectedAt = (at: number) => this.#injected.filter(({ fault, left }) => at < fault.until && left > 0)

  #send(message: FieldMessage, periods: readonly FaultPeriod[], at: number): SentMessage[] {
    const stroke = this.#strokeOf(message, periods)
    if (stroke === undefined) return [sound(message)]
    const { fault, holdMs, from, by } = stroke
    if (fault === 'late' && this.#heldBack.length >= MOST_HELD_BACK) return [sound(message)]
    if (by) by.left -= 1
    if (fault === 'late') {
      this.#heldBack.push({ until: at + holdMs, message: sound(message) })
      return []
    }
    this.#counts[fault] += 1
    // Of all that befalls readings only `duplicate` gets here with an event, and it asks for no more than a message.
    return faulty[fault](message as Reading, this.#drawOf(message.deviceId), at - from)
  }

  #strokeOf({ deviceId, kind }: FieldMessage, periods: readonly FaultPeriod[]): Stroke | undefined {
    const concerning = (what: FaultPeriod['of']) => periods.filter(({ of }) => of === what)
    // draws of its own: an event changes nothing in what befalls readings afterwards
    if (kind === 'event') return this.#periodStroke(`${deviceId}/events`, concerning('events'))
    if (!isReading(kind)) return undefined
    return this.#injectedStroke(deviceId) ?? this.#periodStroke(deviceId, concerning('readings'))
  }

  #injectedStroke(deviceId: string): Stroke | undefined {
    const by = this.#injected.find(
      ({ fault, left }) => left > 0 && !isOfCommands(fault.kind) && this.#strikes(fault, deviceId),
    )
    return by && { fault: by.fault.kind as Stroke['fault'], from: by.from, holdMs: by.fault.holdMs, by }
  }

  #strikes({ kind, deviceId: concerned, share }: InjectedFault, deviceId: string, of = deviceId): boolean {
    if (concerned !== undefined && concerned !== deviceId) return false
    // what is injected has draws of its own: it changes nothing in what a scenario brings afterwards
    const isOfDevice = deviceFaults.some((name) => name === kind)
    return (isOfDevice ? this.#chanceOf(`${kind}/${deviceId}`) : this.#drawOf(`injected/${of}`).uniform()) < share
  }

  #periodStroke(deviceId: string, periods: readonly FaultPeriod[]): Stroke | undefined {
    if (periods.length === 0) return undefined
    const shares = sharesOf(periods)
    const chance = this.#drawOf(deviceId).uniform()
    const fault = this.#faultOfDevice(deviceId, shares) ?? faultAmong(messageFaults, shares, chance)
    if (fault === undefined) return undefined
    const holdMs = periods.findLast(({ shares: { late } }) => late !== undefined)?.holdMs ?? 0
    return { fault, from: periods[0]!.from, holdMs }
  }

  #faultOfDevice(deviceId: string, shares: FaultShares): (typeof deviceFaults)[number] | undefined {
    return deviceFaults.find((fault) => this.#chanceOf(`${fault}/${deviceId}`) < (shares[fault] ?? 0))
  }

  #drawOf(name: string): Draw {
    const draw = this.#draws.get(name) ?? drawOf(this.#seed, `faults/${name}`)
    this.#draws.set(name, draw)
    return draw
  }

  /** The same device has the same faults for as long as it is run. */
  #chanceOf(name: string): number {
    const chance = this.#chances.get(name) ?? drawOf(this.#seed, `faults/${name}`).uniform()
    this.#chances.set(name, chance)
    return chance
  }
}

function faultInForce(of: {
  kind: FaultName
  deviceId?: string | undefined
  share: number
  from: number
  until: number
  left: number
}): FaultInForce {
  const { kind, deviceId = null, share, from, until, left } = of
  return {
    ...{ kind, deviceId, percent: round(100 * share, 6) },
    since: new Date(from).toISOString(),
    until: Number.isFinite(until) ? new Date(until).toISOString() : null,
    remaining: Number.isFinite(left) ? left : null,
  }
}

const readingKinds = ['der', 'panel', 'meter'] as const
type ReadingKind = (typeof readingKinds)[number]
type Reading = FieldMessage & { readonly kind: ReadingKind }

const isReading = (kind: FieldMessage['kind']): kind is ReadingKind => readingKinds.some((known) => known === kind)

/** Of what can happen at once, at most one. */
function faultAmong<Kind extends FaultName>(
  kinds: readonly Kind[],
  shares: FaultShares,
  chance: number,
): Kind | undefined {
  let below = 0
  return kinds.find((fault) => chance < (below += shares[fault] ?? 0))
}

const sharesOf = (periods: readonly FaultPeriod[]): FaultShares =>
  Object.assign({}, ...periods.map((period) => period.shares)) as FaultShares

const isOfCommands = (kind: FaultName): kind is CommandFault => commandFaults.some((name) => name === kind)

/** As it goes out when nothing goes wrong. */
export const sound = ({ deviceId, topic, payload, retain }: FieldMessage): SentMessage => ({
  ...{ deviceId, topic, payload: JSON.stringify(payload), retain },
})

const changed = (message: FieldMessage, fields: object): SentMessage =>
  sound({ ...message, payload: { ...message.payload, ...fields } })

/** What a fault makes of a message. */
type Fault = (message: Reading, draw: Draw, sinceMs: number) => SentMessage[]

const faulty: Record<Exclude<FaultName, 'late' | CommandFault>, Fault> = {
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
