import type { NodeAPI } from 'node-red'
import { brokerUrl, connectionOptions } from '../broker/broker.ts'
import { provideRoutes } from '../http/routes.ts'
import { messageOf } from '../node/message-of.ts'
import { simulationRoutes } from './routes.ts'
import { SimulatorClient } from './simulator-client.ts'

/** The part of the HTTP API that controls the simulated field. */
export default function register(RED: NodeAPI): void {
  const warn = (line: string) => RED.log.warn(`simulation: ${line}`)
  RED.plugins.registerPlugin('linhaviva-simulation-api', {
    type: 'linhaviva',
    onadd: () =>
      provideRoutes(({ environment }) => {
        const options = connectionOptions({ url: '', user: '', protocol: '3.1.1' }, undefined, environment)
        const client = new SimulatorClient({ url: brokerUrl(environment), options, report: warn })
        // at the end of the process, and at each deployment: whoever asks again has a new connection
        RED.events.on('flows:stopped', () => {
          client.close().catch((error: unknown) => warn(messageOf(error)))
        })
        return simulationRoutes(client)
      }),
  })
}
