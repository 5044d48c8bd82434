import type { Node } from 'node-red'

/** What a page is sent: the overview, and when by the server's clock, so that a page opened later knows its age. */
export interface WidgetMessage<Payload> {
  topic: string
  payload: Payload
  sentAt: number
}

/** The little of Dashboard 2's ui-base that a widget needs. */
interface DashboardBase extends Node {
  emit(event: string, message: object, widget: Node): boolean
  stores: { data: { save(base: DashboardBase, widget: Node, message: object): void } }
}

/** The little of Dashboard 2's ui-group that a widget needs. */
export interface DashboardGroup extends Node {
  register(widget: Node, properties: Record<string, unknown>, handlers: Record<string, unknown>): void
  getBase(): DashboardBase
}

/**
 * Shows a node as a widget of a group that only ever shows: nothing comes in from a browser, and nothing goes out to
 * one but by the function returned.
 *
 * Left to itself Dashboard would do three things that a first screen must not: listen to the node's input and send
 * each message to every browser, whole and at any rate; make the node send what a browser says with `widget-send` or
 * `widget-change`; and let a message hide or disable the widget. So it is handed a view of the node whose input it
 * cannot hear, and handlers that drop what browsers say.
 * @returns sends a message to all open pages, and keeps it for pages opened later
 */
export function showInGroup(
  group: DashboardGroup,
  node: Node,
  properties: Record<string, unknown>,
): (message: WidgetMessage<object>) => void {
  const deaf = Object.create(node) as Node
  deaf.on = ((event: string, listener: (...heard: unknown[]) => void) => {
    if (event !== 'input') node.on(event as 'close', listener)
    return deaf
  }) as Node['on']

  const drop = (): void => undefined
  group.register(deaf, { ...properties, id: node.id, type: node.type }, { onSend: drop, onChange: drop })

  return (message) => {
    const base = group.getBase()
    base.stores.data.save(base, node, message)
    base.emit(`msg-input:${node.id}`, message, node)
  }
}
