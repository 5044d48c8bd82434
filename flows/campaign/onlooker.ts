import type { ConnectedDevice } from './connected-device.ts'
import type { People } from './people.ts'
import type { StandingCommand, Wish } from './history.ts'
import { Undone } from './undone.ts'

/** What can be seen of a device. */
type Seen = Pick<ConnectedDevice, 'traits' | 'equipment' | 'effects'>

/** Somebody who sees the equipment, and does what only such a person can. */
export class Onlooker {
  /** Ids of commands whose end had to be said. */
  readonly released = new Set<string>()
  /** What was asked for again. */
  readonly wishes: Wish[] = []
  readonly #people: Pick<People, 'ask' | 'approve' | 'release'>
  readonly #devices: ReadonlyMap<string, Seen>
  readonly #undone = new Undone()

  constructor(people: Pick<People, 'ask' | 'approve' | 'release'>, devices: readonly Seen[]) {
    this.#people = people
    this.#devices = new Map(devices.map((device) => [device.traits.deviceId, device]))
  }

  /**
   * Says what became of commands of devices without a ledger, once nothing of them can come any more.
   * @param arrivedUntil  what was sent until then has arrived, UTC milliseconds
   */
  async release(standing: readonly StandingCommand[], arrivedUntil: number): Promise<void> {
    for (const { commandId, deviceId, state, expiresAt } of standing) {
      const device = this.#devices.get(deviceId)
      if (!device || state !== 'unknown' || device.traits.capabilities.ledger) continue
      if (arrivedUntil < expiresAt + 1_000 || this.released.has(commandId)) continue
      this.released.add(commandId)
      const wasDone = device.effects.some((effect) => effect.commandId === commandId)
      const { command } = await this.#people.release(commandId, wasDone)
      // It was reconciled before anybody had looked.
      if (!command) this.released.delete(commandId)
    }
  }

  /** Wants once more what was undone before a reading has shown it. @param now  ms, of any clock */
  async askAgain(standing: readonly StandingCommand[], now: number): Promise<void> {
    const undone = this.#undone.found(standing, (id) => this.#devices.get(id)?.equipment, now)
    await Promise.all(undone.map((command) => this.#ask(command)))
  }

  async #ask({ commandId, deviceId, type, args }: StandingCommand): Promise<void> {
    const key = `again-${commandId}-${this.wishes.length}`
    const wish = { keys: [key], deviceId, commandId: undefined as string | undefined }
    this.wishes.push(wish)
    const wanted = { deviceId, type, args, expiresInSeconds: 15, reason: 'it was undone' }
    const { command } = await this.#people.ask(wanted, () => key)
    wish.commandId = command?.commandId
    if (command?.state === 'pending_approval') await this.#people.approve(command.commandId, command.bodyHash)
  }
}
