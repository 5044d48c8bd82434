import type { Node, NodeAPI, NodeDef } from 'node-red'
import { type DashboardGroup, showInGroup } from './dashboard.ts'
import { isScreenName, screens } from './screens.ts'

interface OperatorScreenConfig extends NodeDef {
  group: string
  screen: string
  width: number | string
  height: number | string
  order: number | string
  className: string
}

/** A page of the operator's console. What it shows it asks of the API and of the live stream by itself, with its user's rights. */
export default function register(RED: NodeAPI): void {
  function OperatorScreenNode(this: Node, config: OperatorScreenConfig): void {
    RED.nodes.createNode(this, config)
    const refuse = (status: string, error: string): void => {
      this.status({ fill: 'red', shape: 'ring', text: RED._(`operator-screen.status.${status}`) })
      this.error(error)
    }
    const { screen, width, height, order, className } = config
    const group = RED.nodes.getNode(config.group) as DashboardGroup | null
    if (!group) return refuse('noGroup', RED._('operator-screen.error.noGroup', { group: config.group }))
    if (!isScreenName(screen))
      return refuse('noScreen', RED._('operator-screen.error.noScreen', { screen, screens: screens.join(', ') }))
    showInGroup(group, this, { group: config.group, screen, width, height, order, className })
  }

  RED.nodes.registerType('linhaviva-ui-operator-screen', OperatorScreenNode)
}
