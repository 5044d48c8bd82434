import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red'
import { asError, messageOf } from './message-of.ts'
import { StatusLine } from './status-line.ts'

/** A message as a node makes it; Node-RED adds its id. */
export interface Outgoing {
  topic?: string | undefined
  payload?: unknown
}

/** What a node does; everything else about being a node is `defineNode`'s. */
export interface Behaviour {
  /**
   * Handles one message. What it sends, it sends through `send`; when its promise settles, the message is done: a
   * rejection goes to Catch with the error's message.
   */
  onInput?(msg: NodeMessage, send: (msg: Outgoing | (Outgoing | null)[]) => void): Promise<void> | void
  /** Frees timers, subscriptions and connections; Node-RED waits for it. */
  onClose?(removed: boolean): Promise<void> | void
}

export interface LinhaVivaNode {
  readonly id: string
  readonly name: string
  readonly status: StatusLine
  /** Sends outside of an input, as a source does. */
  send(msg: Outgoing | (Outgoing | null)[]): void
  /** Reports an error that belongs to no input: Catch nodes get it, with `msg` where there is one. */
  reportError(error: unknown, msg?: NodeMessage): void
  log(text: string): void
  warn(text: string): void
  /** The configuration node that `id` names. @throws where there is none, naming the field */
  configNode<T>(field: string, id: string | undefined): T
  /** Text in the language of the installation, from the node's own catalogue. */
  text(key: string, substitutions?: Record<string, string>): string
  /** Given to the node when it is built, and then no longer found on it by others. */
  readonly credentials: Record<string, string>
  /** Of a configuration node: what `configNode` of our other nodes returns. It does not stand on the node, where everybody would find it. */
  offer(what: object): void
}

/**
 * Defines a node type. Owns what every node needs and nobody should write twice: `done` exactly once, errors to Catch,
 * a status that never floods the editor, close within its time, defaults for properties that an older configuration lacks.
 */
export function defineNode<C extends object>(
  RED: NodeAPI,
  type: string,
  defaults: C,
  build: (config: C & NodeDef, node: LinhaVivaNode, self: Node) => Behaviour,
  options: { credentials?: Record<string, { type: 'text' | 'password' }> } = {},
): void {
  function construct(this: Node, given: NodeDef & Partial<C>): void {
    RED.nodes.createNode(this, given)
    const node = linhaVivaNode(RED, this, type)
    Reflect.deleteProperty(this, 'credentials')
    try {
      wire(this, node, build({ ...defaults, ...definedOf(given) }, node, this))
    } catch (error) {
      broken.set(this, messageOf(error))
      node.status.show('red', 'ring', messageOf(error))
      this.error(messageOf(error))
    }
  }
  RED.nodes.registerType(type, construct, options.credentials ? { credentials: options.credentials } : {})
}

/** Nodes that could not be built, with the reason: who refers to one hears it. */
const broken = new WeakMap<object, string>()

/** What configuration nodes offer, beside the nodes: whoever gets hold of a node does not get hold of its passwords and connections. */
const offers = new WeakMap<object, object>()

/** What a configuration node offers to our other nodes; the node itself where it offers nothing. */
export const offerOf = (node: object): object => offers.get(node) ?? node

function wire(self: Node, node: LinhaVivaNode, behaviour: Behaviour): void {
  if (behaviour.onInput) {
    self.on('input', (msg, send, done) => {
      Promise.resolve()
        .then(() => behaviour.onInput!(msg, (out) => send(out as NodeMessage)))
        .then(
          () => done(),
          (error: unknown) => done(asError(error)),
        )
        .catch((error: unknown) => self.error(messageOf(error)))
    })
  }
  self.on('close', (removed: boolean, done: () => void) => {
    Promise.resolve()
      .then(() => behaviour.onClose?.(removed))
      .catch((error: unknown) => self.error(messageOf(error)))
      .finally(() => {
        node.status.close()
        done()
      })
  })
}

function linhaVivaNode(RED: NodeAPI, self: Node, type: string): LinhaVivaNode {
  return {
    id: self.id,
    name: self.name || type.replace(/^linhaviva-/, '').replaceAll('-', ' '),
    status: new StatusLine((status) => self.status(status)),
    send: (msg) => self.send(msg as NodeMessage),
    reportError: (error, msg) => (msg ? self.error(messageOf(error), msg) : self.error(messageOf(error), {})),
    log: (text) => self.log(text),
    warn: (text) => self.warn(text),
    configNode<T>(field: string, id: string | undefined): T {
      const found = id ? RED.nodes.getNode(id) : undefined
      if (!found) throw new Error(`${field} is ${id ? `"${id}", which is not in the flows` : 'not set'}`)
      const fault = broken.get(found)
      if (fault !== undefined) throw new Error(`${field} "${found.name || id}" does not work: ${fault}`)
      return offerOf(found) as T
    },
    text: (key, substitutions) => RED._(key, substitutions),
    credentials: (self as Node & { credentials?: Record<string, string> }).credentials ?? {},
    offer: (what) => void offers.set(self, what),
  }
}

/** Undefined properties must not hide the defaults. */
function definedOf<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T
}
