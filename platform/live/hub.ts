import { randomBytes } from 'node:crypto'
import type { LiveTopic, LiveValues } from '../wire/live.ts'
import { liveTopics } from '../wire/live.ts'
import { TopicState } from './topic-state.ts'

/**
 * What the live stream shows: the newest values by topic and key. Areas publish, and know nothing of who looks. Costs no
 * more for a thousand clients than for none, and makes no JSON.
 */
export class Hub {
  /** Names the sequence of versions: another one after each start of the server. */
  readonly epoch: string
  #topics: Readonly<Record<LiveTopic, TopicState>>

  constructor(epoch = randomBytes(9).toString('base64url')) {
    this.epoch = epoch
    this.#topics = Object.fromEntries(liveTopics.map((topic) => [topic, new TopicState()])) as Record<
      LiveTopic,
      TopicState
    >
  }

  /**
   * A key has this value now. The hub keeps the object: nobody may change it afterwards.
   * @param value  its `feederId`, where it has one, is what clients filter by
   * @param at     instant of the value, ms: one that is older than the known one is not taken
   * @returns whether it was taken
   */
  publish<T extends LiveTopic>(topic: T, key: string, value: LiveValues[T], at = Infinity): boolean {
    return this.#topics[topic].publish(key, value, at)
  }

  /** A key is gone. */
  remove(topic: LiveTopic, key: string): boolean {
    return this.#topics[topic].remove(key)
  }

  /** The newest value of a key. */
  get<T extends LiveTopic>(topic: T, key: string): LiveValues[T] | undefined {
    return this.#topics[topic].get(key)?.value as LiveValues[T] | undefined
  }

  /** Instant of the newest value of a key, ms; undefined where there is none. */
  instantOf(topic: LiveTopic, key: string): number | undefined {
    return this.#topics[topic].get(key)?.at
  }

  /** The newest values of a topic. */
  *values<T extends LiveTopic>(topic: T): Generator<LiveValues[T]> {
    for (const { value } of this.#topics[topic].entries()) yield value as LiveValues[T]
  }

  state(topic: LiveTopic): TopicState {
    return this.#topics[topic]
  }
}

/** The one of this process. */
export const liveHub = new Hub()
