import type { PlatformClock } from '../../platform/clock/clock.ts'
import { asError } from '../../platform/node/message-of.ts'
import { readClock } from '../../platform/wire/clock.ts'
import type { HeldMessage } from '../../platform/broker/held-acknowledgements.ts'

/** One setting of the clock, and the messages received under it. */
interface Turn {
  payload: string
  acknowledge(): void
  /** Messages under it that are not acknowledged yet. */
  open: number
  /** The next one has begun. */
  over: boolean
}

/**
 * Sets the clock as `sim/clock` says, between the messages that came before it and those that come after. A message of
 * the clock is acknowledged when the next one has come and all that was received under it is acknowledged: what the
 * broker brings again after a crash, it brings under the time at which it was sent. Acknowledged at once it would also come
 * out of order: mosquitto's queue does not keep it for those who acknowledge the newest long before what is older.
 */
export class ClockMessages {
  #clock: PlatformClock
  #complain: (error: Error) => void
  #turn: Turn | undefined

  constructor(clock: PlatformClock, complain: (error: Error) => void) {
    this.#clock = clock
    this.#complain = complain
  }

  /** Takes a message of the clock. One that cannot be read is acknowledged and reported, and changes nothing. */
  receive({ payload, repeated, acknowledge }: HeldMessage): void {
    const text = payload.toString()
    try {
      const setting = readClock(text)
      // A clock that runs would be put back at every connection.
      if (!repeated || text !== this.#turn?.payload) this.#clock.set(setting)
    } catch (error) {
      this.#complain(asError(error))
      return acknowledge()
    }
    const before = this.#turn
    this.#turn = { payload: text, acknowledge, open: 0, over: false }
    if (before) end(before)
  }

  /** The same message, which holds the clock's message back until it is acknowledged itself. */
  under(message: HeldMessage): HeldMessage {
    const turn = this.#turn
    if (!turn) return message
    turn.open++
    const acknowledge = (): void => {
      message.acknowledge()
      turn.open--
      acknowledgeWhenDone(turn)
    }
    return { ...message, acknowledge }
  }
}

function end(turn: Turn): void {
  turn.over = true
  acknowledgeWhenDone(turn)
}

function acknowledgeWhenDone(turn: Turn): void {
  if (turn.over && turn.open === 0) turn.acknowledge()
}
