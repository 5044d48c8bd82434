import type { NodeStatus, NodeStatusFill, NodeStatusShape } from 'node-red'

const interval = 1_000

/**
 * A node's status in the editor, at most one change a second: each goes to every open editor. The newest wins, and
 * the last one is always shown.
 */
export class StatusLine {
  #show: (status: NodeStatus) => void
  #waiting: { fill: NodeStatusFill; shape: NodeStatusShape; text: string | (() => string) } | undefined
  #timer: NodeJS.Timeout | undefined
  #shown = ''
  #closed = false

  constructor(show: (status: NodeStatus) => void) {
    this.#show = show
  }

  /** @param text  or what makes it, asked only when it is shown */
  show(fill: NodeStatusFill, shape: NodeStatusShape, text: string | (() => string)): void {
    if (this.#closed) return
    this.#waiting = { fill, shape, text }
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
    if (!this.#waiting) return
    const { fill, shape, text } = this.#waiting
    this.#waiting = undefined
    const status: NodeStatus = { fill, shape, text: shortened(typeof text === 'string' ? text : text()) }
    const shown = JSON.stringify(status)
    if (shown !== this.#shown) this.#show(status)
    this.#shown = shown
    this.#timer = setTimeout(() => this.#flush(), interval)
    this.#timer.unref()
  }
}

/** The editor has no room for more. */
const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)
