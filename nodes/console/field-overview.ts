import type { Node, NodeAPI, NodeDef } from 'node-red'
import type { FieldOverview } from '../../platform/wire/overview.ts'
import { type DashboardGroup, showInGroup, type WidgetMessage } from './dashboard.ts'
import { readOverview } from './overview-shape.ts'
import { NewestPerInterval, systemTimers } from './throttle.ts'

const intervalMs = 1000

interface FieldOverviewConfig extends NodeDef {
  group: string
  width: number | string
  height: number | string
  order: number | string
  className: string
}

/** Shows the state of the field and of the ingest on a dashboard page, once a second at most. */
export default function register(RED: NodeAPI): void {
  function FieldOverviewNode(this: Node, config: FieldOverviewConfig): void {
    RED.nodes.createNode(this, config)

    const group = RED.nodes.getNode(config.group) as DashboardGroup | null
    if (!group) {
      this.status({ fill: 'red', shape: 'ring', text: RED._('field-overview.status.noGroup') })
      this.error(RED._('field-overview.error.noGroup', { group: config.group }))
      return
    }

    const { width, height, order, className } = config
    const show = showInGroup(group, this, { group: config.group, width, height, order, className })
    const throttle = new NewestPerInterval(
      intervalMs,
      (message: WidgetMessage<FieldOverview>) => {
        try {
          show(message)
          this.status({ fill: 'green', shape: 'dot', text: summaryOf(message.payload) })
        } catch (error) {
          this.error(`field overview not shown: ${String(error)}`, { ...message })
        }
      },
      systemTimers,
    )

    const summaryOf = ({ readingsPerSecond, devices }: FieldOverview): string =>
      RED._('field-overview.status.shown', {
        rate: Math.round(readingsPerSecond * 10) / 10,
        reporting: devices.reporting,
        silent: devices.silent,
      })

    this.on('input', (msg, _send, done) => {
      try {
        const topic = typeof msg.topic === 'string' ? msg.topic : ''
        throttle.offer({ topic, payload: readOverview(msg.payload), sentAt: Date.now() })
        done()
      } catch (error) {
        this.status({ fill: 'red', shape: 'ring', text: RED._('field-overview.status.refused') })
        done(error as Error)
      }
    })

    this.on('close', () => throttle.close())
  }

  RED.nodes.registerType('linhaviva-ui-field-overview', FieldOverviewNode)
}
