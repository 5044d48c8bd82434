import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import {
  LiveClient,
  type LiveStatus,
  type LiveSubscription,
  type Socket,
} from '../../../../platform/wire/live-client.ts'
import type { LiveTopic, LiveValues } from '../../../../platform/wire/live.ts'

/** A topic of the live stream as a page draws it; a new object at each change, at most once a second. */
export interface LiveView<Value> {
  /** Newest values by key; empty until the first snapshot is there. */
  readonly values: ReadonlyMap<string, Value>
  /** Whether the first snapshot is there. */
  readonly isKnown: boolean
}

const nothing: LiveView<unknown> = { values: new Map(), isKnown: false }

interface Followed {
  readonly view: ShallowRef<LiveView<unknown>>
  readonly subscription: string
  readers: number
}

/** One connection to the live stream for all that a page shows; each topic is subscribed to while somebody reads it. */
export class LiveStore {
  readonly status = shallowRef<LiveStatus>({ state: 'connecting' })
  readonly #client: LiveClient
  readonly #followed = new Map<LiveTopic, Followed>()

  /** Connects at once. */
  constructor(open: () => Socket) {
    this.#client = new LiveClient({
      open,
      onStatus: (status) => (this.status.value = status),
      onChange: ({ topic }) => this.#show(topic),
    })
  }

  /**
   * Follows a topic for as long as the component that asks stands.
   * @throws Error where another part of the page follows the same topic in another way: there is one subscription a topic
   */
  follow<T extends LiveTopic>(topic: T, subscription: LiveSubscription = {}): ShallowRef<LiveView<LiveValues[T]>> {
    const asked = JSON.stringify(subscription)
    const known = this.#followed.get(topic)
    if (known && known.subscription !== asked)
      throw new Error(`${topic} is followed with ${known.subscription} already, not with ${asked}`)
    const followed = known ?? { view: shallowRef<LiveView<unknown>>(nothing), subscription: asked, readers: 0 }
    followed.readers += 1
    if (!known) {
      this.#followed.set(topic, followed)
      this.#client.subscribe(topic, subscription)
    }
    onScopeDispose(() => this.#leave(topic, followed))
    return followed.view as ShallowRef<LiveView<LiveValues[T]>>
  }

  close(): void {
    this.#client.close()
  }

  #leave(topic: LiveTopic, followed: Followed): void {
    followed.readers -= 1
    if (followed.readers > 0) return
    this.#followed.delete(topic)
    this.#client.unsubscribe(topic)
  }

  #show(topic: LiveTopic): void {
    const followed = this.#followed.get(topic)
    if (followed) followed.view.value = { values: this.#client.state(topic), isKnown: true }
  }
}
