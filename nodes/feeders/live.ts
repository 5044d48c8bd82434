import type { NodeAPI } from 'node-red'
import { runningServices } from '../../platform/runtime/running.ts'

/** The feeders' part of the live stream: limits in force, and what devices are told. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-feeders-live', {
    type: 'linhaviva',
    onadd() {
      if (!runningServices()) return
    },
  })
}
