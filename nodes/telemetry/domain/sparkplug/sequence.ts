/** Sequence numbers go from 0 to 255 and begin again (Sparkplug 3.0.0, 6.4.5). */
const modulus = 256

export const isSequenceNumber = (seq: number | undefined): seq is number =>
  seq !== undefined && Number.isInteger(seq) && seq >= 0 && seq < modulus

/** What a message in sequence needs: its number, and by what a repetition is told. */
export interface Sequenced {
  seq: number
  fingerprint: string
  bytes: number
}

/** Messages that wait for an earlier one: so many of one edge node, and so many bytes. */
const mostEarly = 64
const mostEarlyBytes = 1_048_576
/** A repetition comes soon after its original. */
const rememberedMessages = 32

/**
 * Puts the messages of one birth in the order in which the edge node sent them. What comes too early waits for what is
 * missing; how long, the caller decides.
 */
export class Sequence<M extends Sequenced> {
  #next: number
  #early: M[] = []
  #earlyBytes = 0
  #recent: string[]

  /** @param birth the NBIRTH: the next message has the number after its own */
  constructor(birth: Sequenced) {
    this.#next = (birth.seq + 1) % modulus
    this.#recent = [birth.fingerprint]
  }

  /** The number that is missing while others wait; undefined where none is. */
  get missing(): number | undefined {
    return this.#early.length > 0 ? this.#next : undefined
  }

  /** No more of what is early fits. */
  get isFull(): boolean {
    return this.#early.length >= mostEarly || this.#earlyBytes >= mostEarlyBytes
  }

  /** Whether the message was taken already: a broker or a bridge delivered it again. */
  hasSeen({ fingerprint }: Pick<Sequenced, 'fingerprint'>): boolean {
    return this.#recent.includes(fingerprint) || this.#early.some((one) => one.fingerprint === fingerprint)
  }

  /** @returns the messages that are due now, in order: none where the message has to wait */
  take(message: M): M[] {
    if (message.seq !== this.#next) {
      this.#early.push(message)
      this.#earlyBytes += message.bytes
      return []
    }
    const due: M[] = []
    for (let one: M | undefined = message; one; one = this.#takeEarly()) {
      due.push(one)
      this.#next = (this.#next + 1) % modulus
      this.#recent.push(one.fingerprint)
    }
    this.#recent.splice(0, this.#recent.length - rememberedMessages)
    return due
  }

  /** What waited in vain, in the order of arrival. */
  giveUp(): M[] {
    this.#earlyBytes = 0
    return this.#early.splice(0)
  }

  #takeEarly(): M | undefined {
    const index = this.#early.findIndex(({ seq }) => seq === this.#next)
    if (index < 0) return undefined
    const [one] = this.#early.splice(index, 1)
    this.#earlyBytes -= one!.bytes
    return one
  }
}
