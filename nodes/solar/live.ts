import type { NodeAPI } from 'node-red'

/** The solar part of the live stream: panels with what they generate, what they should, and what is amiss with them. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-solar-live', { type: 'linhaviva', onadd: () => undefined })
}
