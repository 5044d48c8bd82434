/** Numbered things by the time that each comes up at the earliest; of equal times the lower number first. A binary heap. */
export class Earliest {
  private readonly keys: Float64Array
  private readonly items: Int32Array
  /** Place of each thing in the heap. */
  private readonly places: Int32Array
  private count = 0

  /** @param most how many things there are: 0 … most − 1, each at most once */
  constructor(most: number) {
    this.keys = new Float64Array(most)
    this.items = new Int32Array(most)
    this.places = new Int32Array(most).fill(-1)
  }

  /** Time of the first; Infinity when there is none. */
  get time(): number {
    return this.count > 0 ? this.keys[0]! : Infinity
  }

  /** Number of the first, which stays; meaningless when there is none. */
  get first(): number {
    return this.items[0]!
  }

  add(item: number, time: number): void {
    this.rise(this.count++, item, time)
  }

  /** A thing comes up earlier than thought; of one that is not there, or that comes up earlier anyway, nothing changes. */
  bringForward(item: number, time: number): void {
    const at = this.places[item]!
    if (at >= 0 && time < this.keys[at]!) this.rise(at, item, time)
  }

  /** Looks for its place from one that is free upwards. */
  private rise(from: number, item: number, time: number): void {
    let at = from
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!this.before(time, item, above)) break
      this.move(above, at)
      at = above
    }
    this.put(at, item, time)
  }

  /** The first comes up later than thought. */
  putOff(time: number): void {
    this.sink(this.items[0]!, time)
  }

  removeFirst(): void {
    this.places[this.items[0]!] = -1
    this.count--
    if (this.count > 0) this.sink(this.items[this.count]!, this.keys[this.count]!)
  }

  private sink(item: number, time: number): void {
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= this.count) break
      if (below + 1 < this.count && this.before(this.keys[below + 1]!, this.items[below + 1]!, below)) below++
      if (this.before(time, item, below)) break
      this.move(below, at)
      at = below
    }
    this.put(at, item, time)
  }

  private before(time: number, item: number, at: number): boolean {
    const other = this.keys[at]!
    return time < other || (time === other && item < this.items[at]!)
  }

  private move(from: number, to: number): void {
    this.put(to, this.items[from]!, this.keys[from]!)
  }

  private put(at: number, item: number, time: number): void {
    this.keys[at] = time
    this.items[at] = item
    this.places[item] = at
  }
}
