/** One key of a topic, alive or removed. Entries hang in a list in the order in which they last changed. */
export interface Entry {
  readonly key: string
  /** undefined: removed. */
  value: object | undefined
  /** Instant of the value, ms; `-Infinity` where it has none. */
  at: number
  /** The topic's version that the last change made. */
  version: number
  /** What a filter by feeder goes by, and since which version it has been that. */
  feederId: string | undefined
  feederSince: number
  /** `"key":value` as JSON, made when first asked for: in full, and without what is personal. */
  fullText: string | undefined
  publicText: string | undefined
  older: Entry | undefined
  newer: Entry | undefined
}

/** Removed keys that are remembered, so that whoever comes back hears of them. */
export const mostRemoved = 10_000

/**
 * The state of a topic: the newest value of each key, and what changed after which version. Versions only grow, by one a
 * change. Publishing costs the same whatever the size of the state and the number of clients; what changed since a version
 * costs as much as changed.
 */
export class TopicState {
  #entries = new Map<string, Entry>()
  #removed = new Map<string, Entry>()
  #newest: Entry | undefined
  #version = 0
  #horizon = 0

  /** Number of the last change. */
  get version(): number {
    return this.#version
  }

  /** The earliest version that deltas can start from: of what was removed before, some is forgotten. */
  get horizon(): number {
    return this.#horizon
  }

  /** Keys alive. */
  get size(): number {
    return this.#entries.size
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values()
  }

  /** @returns whether it was taken: a value of an earlier instant than the known one is not */
  publish(key: string, value: object, at: number): boolean {
    const known = this.#entries.get(key)
    if (known && at < known.at) return false
    const entry = known ?? this.#revived(key)
    entry.value = value
    entry.at = at
    this.#touch(entry, (value as { feederId?: string | null }).feederId ?? undefined)
    return true
  }

  /** @returns whether the key was there */
  remove(key: string): boolean {
    const entry = this.#entries.get(key)
    if (!entry) return false
    this.#entries.delete(key)
    this.#removed.set(key, entry)
    entry.value = undefined
    entry.at = -Infinity
    this.#touch(entry, undefined)
    if (this.#removed.size > mostRemoved) this.#forgetOldest()
    return true
  }

  /** Entries that changed after `version`, the removed ones too, oldest change first. */
  changedSince(version: number): Entry[] {
    const changed: Entry[] = []
    for (let entry = this.#newest; entry && entry.version > version; entry = entry.older) changed.push(entry)
    return changed.reverse()
  }

  /** The same, of these keys only. */
  changedAmong(keys: Iterable<string>, version: number): Entry[] {
    const changed: Entry[] = []
    for (const key of keys) {
      const entry = this.#entries.get(key) ?? this.#removed.get(key)
      if (entry && entry.version > version) changed.push(entry)
    }
    return changed
  }

  /** A removed entry comes back, since clients may know under which feeder it was; or a new one. */
  #revived(key: string): Entry {
    const entry = this.#removed.get(key) ?? {
      ...{ key, value: undefined, at: -Infinity, version: 0, feederId: undefined, feederSince: 0 },
      ...{ fullText: undefined, publicText: undefined, older: undefined, newer: undefined },
    }
    this.#removed.delete(key)
    this.#entries.set(key, entry)
    return entry
  }

  #touch(entry: Entry, feederId: string | undefined): void {
    const isNew = entry.version === 0
    this.#version++
    if (entry.feederId !== feederId && !isNew) entry.feederSince = this.#version
    entry.feederId = feederId
    entry.version = this.#version
    entry.fullText = entry.publicText = undefined
    if (entry === this.#newest) return
    this.#unlink(entry)
    entry.older = this.#newest
    if (this.#newest) this.#newest.newer = entry
    this.#newest = entry
  }

  #unlink(entry: Entry): void {
    if (entry.older) entry.older.newer = entry.newer
    if (entry.newer) entry.newer.older = entry.older
    else if (this.#newest === entry) this.#newest = entry.older
    entry.older = entry.newer = undefined
  }

  #forgetOldest(): void {
    const [key, entry] = this.#removed.entries().next().value!
    this.#removed.delete(key)
    this.#unlink(entry)
    // Whoever stands before this removal would never hear of it.
    this.#horizon = entry.version
  }
}
