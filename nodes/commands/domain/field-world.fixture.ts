/** A controller, a network that loses, repeats, delays and reorders, and a device, in one place: whatever happens, what is true at the end? */
import type { AckStatus, CommandPhase } from '../../../platform/wire/command.ts'
import { isEnded, phaseOf, type Command, type CommandEvent } from './command.ts'
import { begun } from './command.fixture.ts'
import { step } from './step.ts'

export class FieldWorld {
  command: Command
  now = begun
  /** How often the device acted. */
  effects = 0
  /** How often it was told to. */
  sent = 0
  readonly #toDevice: CommandPhase[] = []
  readonly #toController: AckStatus[] = []
  #ledger: 'executed' | 'expired' | 'never' | undefined
  #armed = false

  readonly #forgets: boolean

  /** @param forgets  the device has no ledger, whatever is known of it */
  constructor(command: Command, forgets = false) {
    this.command = command
    this.#forgets = forgets
  }

  /** What the controller has to do by now: what time does, and what is to be sent. @param isKilled  after it was written, before it is sent */
  control(isKilled = false): void {
    if (this.command.dueAt !== null && this.command.dueAt <= this.now) this.happen({ kind: 'due' })
    const { sendAt, expiresAt } = this.command
    const phase = phaseOf(this.command)
    if (sendAt === null || sendAt > this.now || (phase !== 'query' && this.now >= expiresAt)) return
    const kind = ({ select: 'selecting', operate: 'dispatching', query: 'asking' } as const)[phase]
    const { refused } = this.happen({ kind, controlNumber: 7 })
    if (refused) throw new Error(`${phase} refused: ${refused}`)
    if (isKilled) return
    if (phase === 'operate') this.sent++
    this.#toDevice.push(phase)
  }

  /** The network brings something to the device, and keeps a copy perhaps; or loses it. */
  toDevice(place: number, fate: 'brings' | 'repeats' | 'loses'): void {
    const phase = pick(this.#toDevice, place, fate)
    if (phase) this.#toController.push(...this.#device(phase))
  }

  toController(place: number, fate: 'brings' | 'repeats' | 'loses'): void {
    const status = pick(this.#toController, place, fate)
    if (status) this.happen({ kind: 'answered', status })
  }

  /** A good reading of the device comes in. */
  observe(): void {
    this.happen({ kind: 'observed', effect: this.effects > 0, at: this.now })
  }

  /** The device starts again: what it has in memory is gone. */
  reboot(): void {
    this.#armed = false
  }

  /** Everything works, for as long as anything goes on by itself. */
  heal(): void {
    for (let round = 0; round < 40 && !isEnded(this.command); round++) {
      this.control()
      while (this.#toDevice.length > 0) this.toDevice(0, 'brings')
      while (this.#toController.length > 0) this.toController(0, 'brings')
      this.now += 20_000
      this.observe()
    }
    while (this.#toDevice.length > 0) this.toDevice(0, 'brings')
  }

  happen(event: CommandEvent): { refused: string | null } {
    const { command, refused } = step(this.command, event, this.now)
    this.command = command
    return { refused }
  }

  #device(phase: CommandPhase): AckStatus[] {
    const { ledger, expiry } = this.command.capabilities
    const known = ledger && !this.#forgets ? this.#ledger : undefined
    if (phase === 'query') {
      this.#ledger ??= 'never'
      return [this.#ledger === 'never' ? 'not_done' : this.#ledger]
    }
    if (known === 'never') return ['rejected']
    if (known) return [known]
    if (expiry && this.now > this.command.expiresAt) {
      this.#ledger = 'expired'
      return ['expired']
    }
    if (phase === 'select') {
      this.#armed = true
      return ['selected']
    }
    if (this.command.plan.needsSelect && this.command.capabilities.select && !this.#armed) {
      this.#ledger = 'never'
      return ['rejected']
    }
    this.effects++
    this.#ledger = 'executed'
    return ['accepted', 'executed']
  }
}

/** One of what is on its way, out of order. */
function pick<T>(onTheWay: T[], place: number, fate: 'brings' | 'repeats' | 'loses'): T | undefined {
  if (onTheWay.length === 0) return undefined
  const index = place % onTheWay.length
  const one = onTheWay[index]!
  if (fate !== 'repeats') onTheWay.splice(index, 1)
  return fate === 'loses' ? undefined : one
}
