import { devicesFile } from '../broker/devices-file.ts'
import { brokerUsers } from '../broker/rights.ts'
import { readVariables } from './environment.ts'
import { startEmbeddedBroker } from './embedded-broker.ts'
import { brokerVariables, passwordVariables } from './part-environment.ts'

/** The embedded broker as a process of its own, so that neither a busy nor a crashed Node-RED cuts the field off. */
const environment = readVariables(process.env, brokerVariables)
const { BIND_ADDRESS, DATA_DIR, MQTT_PORT, MQTT_WS_PORT, MQTT_TLS_PORT, MQTT_TLS_CERT, MQTT_TLS_KEY } = environment
const passwords = Object.fromEntries(brokerUsers.map((user) => [user, environment[passwordVariables[user]]]))

const broker = await startEmbeddedBroker({
  host: BIND_ADDRESS,
  port: MQTT_PORT,
  webSocketPort: MQTT_WS_PORT,
  tls: MQTT_TLS_CERT && MQTT_TLS_KEY ? { port: MQTT_TLS_PORT, cert: MQTT_TLS_CERT, key: MQTT_TLS_KEY } : undefined,
  access: { passwords, devicesFile: devicesFile(DATA_DIR) },
  log: (line) => console.log(line),
  onRefused: (refusals) => process.send?.({ refusals }),
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
