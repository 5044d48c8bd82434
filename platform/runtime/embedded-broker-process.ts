import { readEnvironment } from './environment.ts'
import { startEmbeddedBroker } from './embedded-broker.ts'

/** The embedded broker as a process of its own, so that neither a busy nor a crashed Node-RED cuts the field off. */
const environment = readEnvironment(process.env)
const { BIND_ADDRESS, MQTT_PORT, MQTT_WS_PORT, MQTT_USER, MQTT_PASSWORD } = environment

const broker = await startEmbeddedBroker({
  host: BIND_ADDRESS,
  port: MQTT_PORT,
  webSocketPort: MQTT_WS_PORT,
  ...(MQTT_USER === undefined ? {} : { login: { user: MQTT_USER, password: MQTT_PASSWORD ?? '' } }),
  log: (line) => console.log(line),
}).catch((error: unknown) => {
  console.error((error as Error).message)
  process.exit(1)
})

async function leave(): Promise<void> {
  // Open connections are cut rather than waited for: clients reconnect by themselves.
  setTimeout(() => process.exit(0), 1_000).unref()
  await broker.stop()
  process.exit(0)
}

process.once('SIGTERM', () => void leave())
process.once('SIGINT', () => void leave())
process.once('disconnect', () => void leave())
process.send?.('ready')
