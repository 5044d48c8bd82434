import { createHmac } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { wallClock } from '../../../platform/clock/clock.ts'
import {
  concludeCommand,
  emptyMemory,
  readCommand,
  restarted,
  takeCommand,
  type DeviceAbilities,
  type DeviceMemory,
} from '../../../platform/wire/command-device.ts'
import type { CommandAck, CommandMessage, CommandType } from '../../../platform/wire/command.ts'
import { signedText } from '../../../platform/wire/command-signature.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { Conversation } from './conversation.ts'
import { Hearing, type Said } from './hearing.ts'

const key = 'the key of bat-1'
const signatureOf = (text: string): string => createHmac('sha256', key).update(text).digest('base64url')
const everyMs = 20

/** How a device differs from one that does all right. */
export interface Differs {
  readonly abilities?: Partial<DeviceAbilities>
  readonly clockMs?: number
  readonly claims?: readonly string[]
  readonly silent?: boolean
  readonly offline?: boolean
  /** What it makes of its answers. */
  readonly answers?: (ack: CommandAck) => CommandAck | undefined
  readonly qos?: 0 | 1
  readonly reading?: (body: Record<string, unknown>) => Record<string, unknown>
  readonly signed?: boolean
  readonly forgetsAtRestart?: boolean
  readonly staysAway?: boolean
  readonly holdsOn?: boolean
  readonly deafTo?: (message: CommandMessage) => boolean
  /** It stands so already: told the same, it refuses, as a switch does. */
  readonly stands?: CommandType
  /** It is a meter, which says so of its contact; undefined: which says nothing of it. */
  readonly contact?: (stands: CommandType | undefined) => 'open' | 'closed' | undefined
}

/** A battery that takes commands as the reference does, but for what a test wants wrong. */
export class FixtureDevice {
  readonly hearing = new Hearing()
  readonly #differs: Differs
  readonly #abilities: DeviceAbilities
  readonly #stopped = new AbortController()
  #memory: DeviceMemory = emptyMemory
  #setpoint: { readonly kw: number; readonly until: number } | undefined
  #number = 0
  #stands: CommandType | undefined

  constructor(differs: Differs = {}) {
    this.#differs = differs
    const isSigned = (text: string, signature: string): boolean => signature === signatureOf(text)
    this.#abilities = {
      ...{ deviceId: 'bat-1', types: ['read_now', 'reboot'], ledger: true, expiry: true, select: true },
      ...(differs.signed && { isSigned }),
      ...differs.abilities,
    }
    this.#stands = differs.stands
    const { claims: capabilities = [], offline = false } = differs
    this.#say('status', { status: offline ? 'offline' : 'online', device_id: 'bat-1', capabilities }, true)
    if (!differs.silent) void this.#report()
  }

  /** A talk with it, in which nobody waits long. */
  talk(withKey = true, types: readonly CommandType[] = ['read_now']): Conversation {
    const sign = (message: Omit<CommandMessage, 'signature'>): CommandMessage => ({
      ...message,
      signature: signatureOf(signedText('bat-1', message)),
    })
    return new Conversation({
      deviceId: 'bat-1',
      line: { hearing: this.hearing, publish: async (kind, payload) => this.#hear(kind, payload) },
      now: () => wallClock.now(),
      nextControlNumber: async () => ++this.#number,
      commands: types.map((type) => ({ type, args: {} })),
      ...{ withinMs: 60, reportWithinMs: 200, expiresAfterMs: 100 },
      ...(withKey && { sign }),
    })
  }

  get standsAt(): CommandType | undefined {
    return this.#stands
  }

  stop(): void {
    this.#stopped.abort()
  }

  #hear(kind: 'command' | 'control', payload: string): void {
    if (kind === 'control') return this.#steer(payload)
    const message = readCommand(payload)
    if ('problem' in message || this.#differs.deafTo?.(message)) return
    if (this.#isDone(message)) return this.#answer(refusalOf(message))
    const taken = takeCommand(this.#memory, message, this.#abilities, this.#now())
    this.#memory = taken.memory
    this.#answer(taken.answer)
    if (!taken.act) return
    if (this.#stands) this.#stands = message.type
    const concluded = concludeCommand(this.#memory, { status: 'executed' }, this.#abilities, this.#now())
    this.#memory = concluded.memory
    if (message.type === 'reboot') this.#restart()
    this.#answer(concluded.answer)
  }

  #isDone({ command_id, phase, type }: CommandMessage): boolean {
    return type === this.#stands && phase === 'operate' && !this.#memory.ledger.has(command_id)
  }

  #steer(payload: string): void {
    const body = payload === '' ? undefined : (JSON.parse(payload) as { p_setpoint_kw: number; expires_at?: string })
    const until = (body?.expires_at !== undefined && parseInstant(body.expires_at)) || Infinity
    this.#setpoint = body && { kw: body.p_setpoint_kw, until: this.#differs.holdsOn ? Infinity : until }
  }

  #restart(): void {
    this.#memory = this.#differs.forgetsAtRestart ? emptyMemory : restarted(this.#memory, this.#abilities)
    this.#say('status', { status: 'offline', device_id: 'bat-1' }, false)
    if (!this.#differs.staysAway) this.#say('status', { status: 'online', device_id: 'bat-1' }, false)
  }

  #answer(ack: CommandAck | undefined): void {
    const said = ack && (this.#differs.answers ?? ((one) => one))(ack)
    if (said) this.#say('ack', said, false)
  }

  async #report(): Promise<void> {
    const { reading = (body) => body } = this.#differs
    while (!this.#stopped.signal.aborted) {
      this.#reportOnce(reading)
      await delay(everyMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined)
    }
  }

  #reportOnce(reading: NonNullable<Differs['reading']>): void {
    const timestamp = new Date(this.#now()).toISOString()
    const { contact } = this.#differs
    if (contact) {
      const body = { meter_id: 'bat-1', timestamp, va_v: 220, interval_s: 1, aggregation: 'instant' }
      return this.#say('meter', reading({ ...body, contact: contact(this.#stands) }), false)
    }
    const kw = this.#setpoint && this.#now() < this.#setpoint.until ? this.#setpoint.kw : 0
    const body = { deviceId: 'bat-1', type: 'battery', timestamp, p_actual_kw: kw, p_setpoint_kw: kw }
    this.#say('der', reading({ ...body, site_id: 's', p_max_kw: 5, feeder_id: 'f' }), false)
  }

  #say(kind: Said['kind'], body: object, retained: boolean): void {
    this.hearing.hear({
      kind,
      payload: JSON.stringify(body),
      qos: this.#differs.qos ?? 1,
      retained,
      at: wallClock.now(),
    })
  }

  #now(): number {
    return wallClock.now() + (this.#differs.clockMs ?? 0)
  }
}

const refusalOf = ({ command_id, control_number }: CommandMessage): CommandAck => ({
  ...{ command_id, control_number, status: 'rejected', add_cause: 5, at: wallClock.now() },
})
