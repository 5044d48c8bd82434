/** Paces the requests for births: of each edge node one in a time, however often there is reason for it. */
export class Rebirths<Node extends object> {
  #pauseMs: number
  /** Machine pace, ms. */
  #askedAt = new WeakMap<Node, number>()
  #againAt = new Map<Node, number>()

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs
  }

  /** When somebody is to be asked again; undefined where nobody is. */
  get dueAt(): number | undefined {
    let due: number | undefined
    for (const at of this.#againAt.values()) due = Math.min(due ?? at, at)
    return due
  }

  /** @returns whether to ask it now; otherwise it is due later, unless it is born before */
  ask(node: Node, paceMs: number): boolean {
    const nextAt = (this.#askedAt.get(node) ?? -Infinity) + this.#pauseMs
    if (paceMs < nextAt) {
      this.#againAt.set(node, nextAt)
      return false
    }
    this.#askedAt.set(node, paceMs)
    this.#againAt.delete(node)
    return true
  }

  /** Those that are to be asked again by now. */
  due(paceMs: number): Node[] {
    return [...this.#againAt].filter(([, at]) => at <= paceMs).map(([node]) => node)
  }

  /** It was born, or it is gone: there is nothing to ask it for. */
  settle(node: Node): void {
    this.#againAt.delete(node)
  }
}
