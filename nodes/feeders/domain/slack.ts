import type { FeederLoad } from './allocation/allocation.ts'
import type { Device, Line } from './allocation/problem.ts'

interface Node {
  readonly parentFeederId: string | null
  readonly loads: Map<Line, { highKw: number; lowKw: number; readonly load: FeederLoad }>
}

/** A place in the tree, as a device is at it. */
type Place = Pick<Device, 'feederId' | 'phases'>

const nearKw = 1e-9

/** What feeders could carry besides what was shared out, as it is taken bit by bit. */
export class Slack {
  readonly #nodes = new Map<string, Node>()

  constructor(
    feeders: readonly { readonly feederId: string; readonly parentFeederId: string | null }[],
    loads: readonly FeederLoad[],
  ) {
    for (const { feederId, parentFeederId } of feeders) this.#nodes.set(feederId, { parentFeederId, loads: new Map() })
    for (const load of loads)
      this.#nodes.get(load.feederId)?.loads.set(load.line, { highKw: load.highKw, lowKw: load.lowKw, load })
  }

  /** How much more (`1`), or less (`-1`), a device may take before a limit above it is broken, kW ≥ 0; Infinity: nothing limits it. */
  room(place: Place, sign: 1 | -1): number {
    let room = Infinity
    for (const { load, highKw, lowKw, share } of this.#above(place)) {
      const limitKw = sign === 1 ? load.importLimitKw : load.exportLimitKw
      if (limitKw === null) continue
      const left = sign === 1 ? limitKw - highKw : limitKw + lowKw
      room = Math.min(room, Math.max(0, left) / share)
    }
    return room
  }

  /** Takes so much more, or less, kW. @returns whether there was room for it: else nothing is taken */
  take(place: Place, kw: number): boolean {
    if (kw === 0) return true
    if (this.room(place, kw > 0 ? 1 : -1) + nearKw < Math.abs(kw)) return false
    for (const line of this.#above(place)) {
      line.at.highKw += kw * line.share
      line.at.lowKw += kw * line.share
    }
    return true
  }

  /** The loads with all that was taken. */
  loads(): FeederLoad[] {
    return [...this.#nodes.values()].flatMap(({ loads }) =>
      [...loads.values()].map(({ load, highKw, lowKw }) => ({ ...load, highKw, lowKw })),
    )
  }

  *#above({ feederId, phases }: Place): Generator<{
    readonly load: FeederLoad
    readonly highKw: number
    readonly lowKw: number
    readonly share: number
    readonly at: { highKw: number; lowKw: number }
  }> {
    for (let id: string | null = feederId; id !== null;) {
      const node: Node | undefined = this.#nodes.get(id)
      if (!node) return
      for (const [line, at] of node.loads) {
        const share = line === 'total' ? 1 : phases.includes(line) ? 1 / phases.length : 0
        if (share > 0) yield { load: at.load, highKw: at.highKw, lowKw: at.lowKw, share, at }
      }
      id = node.parentFeederId
    }
  }
}
