import { createRequire } from 'node:module'
import type { Node, NodeAPI, NodeDef } from 'node-red'
import type { WidgetMessage } from './dashboard.ts'

/** node-red-node-test-helper brings no types. */
export interface Helper {
  init(runtime: string): void
  startServer(done: () => void): void
  stopServer(done: () => void): void
  load(registrations: unknown[], flow: object[]): Promise<void>
  unload(): Promise<void>
  getNode(id: string): {
    receive(message: object): void
    once(event: 'input', listener: (message: unknown) => void): void
  }
}
const require = createRequire(import.meta.url)
export const nodeRed = require.resolve('node-red')
export const helper = require('node-red-node-test-helper') as Helper

export interface Page {
  sent: { event: string; message: WidgetMessage<{ readingsPerSecond: number }> }[]
  kept: WidgetMessage<object> | undefined
  inputsHeard: number
  properties: Record<string, unknown>
  handlers: Record<string, (...heard: unknown[]) => unknown>
}

/** Stands in for Dashboard's ui-group: notes what the widget gives it. */
export function fakeGroup(page: Page): (RED: NodeAPI) => void {
  return (RED) => {
    function Group(this: Node & Record<string, unknown>, config: NodeDef): void {
      RED.nodes.createNode(this, config)
      this['register'] = (widget: Node, properties: Page['properties'], handlers: Page['handlers']) => {
        Object.assign(page, { properties, handlers })
        widget.on('input', () => void page.inputsHeard++)
      }
      this['getBase'] = () => ({
        emit: (event: string, message: Page['sent'][number]['message']) => page.sent.push({ event, message }),
        stores: {
          data: { save: (_base: unknown, _node: unknown, message: WidgetMessage<object>) => (page.kept = message) },
        },
      })
    }
    RED.nodes.registerType('ui-group', Group)
  }
}

/** A page that nothing was shown on. */
export const emptyPage = (): Page => ({ sent: [], kept: undefined, inputsHeard: 0, properties: {}, handlers: {} })
