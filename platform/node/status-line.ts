import type { NodeStatus, NodeStatusFill, NodeStatusShape } from 'node-red'

const interval = 1_000

/**
 * A node's status in the editor, at most one change a second: each goes to every open editor. The newest wins, and
 * the last one is always shown.
 */
export class StatusLine {
  #show: (status: NodeStatus) => void
  #waiting: NodeStatus | undefined
  #timer: NodeJS.Timeout | undefined
  #shown = ''
  #closed = false

  constructor(show: (status: NodeStatus) => void) {
    this.#show = show
  }

  show(fill: NodeStatusFill, shape: NodeStatusShape, text: string): void {
    if (this.#closed) return
    this.#waiting = { fill, shape, text: text.length > 80 ? `${text.slice(0, 79)}…` : text }
    if (!this.#timer) this.#flush()
  }

  /** Nothing is shown afterwards: what ends late must not speak for the node that took the place. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting = undefined
  }

  #flush(): void {
    this.#timer = undefined
    const status = this.#waiting
    if (!status) return
    this.#waiting = undefined
    const text = JSON.stringify(status)
    if (text !== this.#shown) this.#show(status)
    this.#shown = text
    this.#timer = setTimeout(() => this.#flush(), interval)
    this.#timer.unref()
  }
}
