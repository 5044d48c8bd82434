import type { DeviceCapabilities } from '../../nodes/commands/domain/command.ts'
import type { AckStatus, CommandAck, CommandMessage } from '../../platform/wire/command.ts'
import type { Draw } from '../../simulator/draw.ts'

/** What a device is like. */
export interface Traits {
  readonly deviceId: string
  readonly kind: 'switch' | 'meter' | 'der'
  /** As the registry has them. */
  readonly capabilities: DeviceCapabilities
  /** Whether it keeps a ledger indeed. */
  readonly keepsLedger: boolean
  /** Its clock against the true time, ms. */
  readonly skewMs: number
  /** How many of what it tries come to nothing, 0 to 1. */
  readonly failing: number
  /** So long it takes to act, at most, ms. */
  readonly mostActMs: number
}

/** It has acted. */
export interface Effect {
  readonly deviceId: string
  readonly commandId: string
  /** True time, UTC milliseconds. */
  readonly at: number
}

interface Acting {
  readonly message: CommandMessage
  readonly at: number
}

const armedForMs = 30_000

/**
 * A device as docs/device-protocol.md asks for it, whose effects are counted by somebody else: no reboot loses the count. Without a
 * ledger it is the simplest there is: it does what it is told, however often. Instants are the true time, UTC milliseconds.
 */
export class CountingDevice {
  readonly traits: Traits
  readonly effects: Effect[] = []
  readonly #act: (message: CommandMessage) => void
  readonly #draw: Draw
  /** Survive a reboot. */
  readonly #ledger = new Map<string, AckStatus>()
  #newest = 0
  /** Do not. */
  #armed: { readonly message: CommandMessage; readonly until: number } | undefined
  #acting: Acting[] = []

  /** @param act  does to the equipment what a command says */
  constructor(traits: Traits, draw: Draw, act: (message: CommandMessage) => void) {
    this.traits = traits
    this.#draw = draw
    this.#act = act
  }

  /** @returns what it answers at once */
  take(message: CommandMessage, now: number): CommandAck[] {
    const status = this.#take(message, now)
    return status === undefined ? [] : [this.#answer(message, status, now)]
  }

  /** Acts where it is time to. @returns what it answers then */
  actDue(now: number): CommandAck[] {
    const due = this.#acting.filter(({ at }) => at <= now)
    this.#acting = this.#acting.filter(({ at }) => at > now)
    return due.map(({ message }) => {
      const fails = this.#draw.uniform() < this.traits.failing
      if (!fails) {
        this.effects.push({ deviceId: this.traits.deviceId, commandId: message.command_id, at: now })
        this.#act(message)
      }
      return this.#answer(message, this.#write(message, fails ? 'failed' : 'executed'), now)
    })
  }

  /** When it acts next. */
  get dueAt(): number | undefined {
    return this.#acting.length === 0 ? undefined : Math.min(...this.#acting.map(({ at }) => at))
  }

  /** It forgets what it is about to do; what it has written it has. */
  reboot(): void {
    this.#armed = undefined
    this.#acting = []
  }

  #take(message: CommandMessage, now: number): AckStatus | undefined {
    const { command_id: id, phase } = message
    const { capabilities, keepsLedger } = this.traits
    const known = this.#ledger.get(id)
    if (known) return known
    if (keepsLedger && this.#acting.some((acting) => acting.message.command_id === id)) return 'accepted'
    // It cannot know, if it keeps no ledger; one that claims to keep one says what one with an empty one would.
    if (phase === 'query') return capabilities.ledger ? this.#write(message, 'not_done') : undefined
    if (capabilities.expiry && now + this.traits.skewMs > instantOf(message)) return this.#write(message, 'expired')
    if (keepsLedger && message.control_number < this.#newest) return this.#write(message, 'rejected')
    this.#newest = message.control_number
    if (phase === 'select') {
      this.#armed = { message, until: now + armedForMs }
      return 'selected'
    }
    if (this.#armed && !this.#fits(message, now)) return this.#write(message, 'rejected')
    this.#armed = undefined
    this.#acting.push({ message, at: now + Math.round(this.#draw.uniform() * this.traits.mostActMs) })
    return 'accepted'
  }

  /** While something is armed, that alone is operated, as it was selected. */
  #fits({ command_id, type, args }: CommandMessage, now: number): boolean {
    const { message, until } = this.#armed!
    if (now > until) return message.command_id !== command_id
    return JSON.stringify([message.command_id, message.type, message.args]) === JSON.stringify([command_id, type, args])
  }

  /** Written before it is said. */
  #write({ command_id }: CommandMessage, status: AckStatus): AckStatus {
    if (this.traits.keepsLedger) this.#ledger.set(command_id, status)
    return status
  }

  #answer({ command_id, control_number }: CommandMessage, status: AckStatus, now: number): CommandAck {
    const { deviceId, skewMs } = this.traits
    const reason = reasons[status]
    return {
      ...{ command_id, control_number, device_id: deviceId, status },
      at: new Date(now + skewMs).toISOString(),
      ...(reason !== undefined && { reason }),
    }
  }
}

const reasons: Readonly<Partial<Record<AckStatus, string>>> = {
  rejected: 'not as selected, or an old control number',
  expired: 'it came too late by the clock of the device',
  failed: 'the mechanism did not move',
}

const instantOf = ({ expires_at }: CommandMessage): number => new Date(expires_at).getTime()
