import { connectAsync, type MqttClient } from 'mqtt'
import type { BrokerUser } from '../../platform/broker/rights.ts'
import { type Auditing, startAuditing } from '../../platform/runtime/auditing.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { usersEnv } from '../users.fixture.ts'
import { hasMosquitto } from '../mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from '../running-system.fixture.ts'
import { runProgram } from '../supervised.fixture.ts'
import { Line, type LineOptions } from './line.ts'

/** What is done to the messages on the line. */
export type Treatment = Required<Pick<LineOptions, 'fate' | 'watch'>>

export const leftAlone: Treatment = { fate: () => ({ kind: 'passed' }), watch: () => undefined }

/** Linha Viva as it runs in operation, with a line between it and its broker that can be told to misbehave. */
export interface Stage {
  readonly system: RunningSystem
  treatment: Treatment
  /** Messages that are still to be brought, late or for the second time. */
  readonly inTheAir: number
  /** Of which the keys of devices are derived. */
  readonly signingSecret: string
  /** What `npm run audit -- verify` finds wrong; undefined: nothing. */
  audit(): Promise<string | undefined>
  /** Topics of commands that the broker keeps messages on. */
  retainedCommands(): Promise<string[]>
  stop(): Promise<void>
}

const signingSecret = 'Example-of-a-secret-of-campaigns-and-of-nothing-else-1'

/**
 * On mosquitto where there is one, as in a real field; else on the broker that `npm start` brings.
 * @param onLine  hears what the parts write
 */
export async function startStage(onLine?: (line: string) => void): Promise<Stage> {
  const carriers: MqttClient[] = []
  let treatment = leftAlone
  let inTheAir = 0
  const bringLater: LineOptions['bringLater'] = ({ topic, payload, qos }, afterMs) => {
    const isCommand = topic.startsWith('grid/commands/')
    inTheAir++
    setTimeout(() => {
      inTheAir--
      // Answers that are brought pass the line at QoS 0 alone.
      carriers[isCommand ? 0 : 1]?.publish(topic, payload, { qos: isCommand ? qos : 0 })
    }, afterMs).unref()
  }
  let line: Line | undefined
  const system = await startSystem({
    broker: hasMosquitto ? 'mosquitto' : 'embedded',
    env: { REQUESTS_PER_MINUTE: '1000000', COMMAND_SIGNING_SECRET: signingSecret },
    ...(onLine && { onLine }),
    between: (brokerPort) => {
      line = new Line({
        brokerPort,
        fate: (message) => treatment.fate(message),
        watch: (moment, message) => treatment.watch(moment, message),
        bringLater,
      })
      return line.open()
    },
  }).catch(async (error: unknown) => {
    await line?.close()
    throw error
  })
  const login = (username: BrokerUser) => ({ username, password: system.passwords[username] })
  let auditing = startAudit(system)
  const stage: Stage = {
    ...{ system, signingSecret },
    async audit() {
      // Signs the head as it is now.
      await auditing.stop()
      const fault = await verifyAudit(system)
      auditing = startAudit(system)
      return fault
    },
    get treatment() {
      return treatment
    },
    set treatment(now) {
      treatment = now
    },
    get inTheAir() {
      return inTheAir
    },
    retainedCommands: () => retainedOn(system.brokerUrl, 'grid/commands/+', login('dispatcher')),
    async stop() {
      await Promise.all([...carriers.map((carrier) => carrier.endAsync(true)), auditing.stop()])
      await system.stop()
      await line?.close()
    },
  }
  for (const user of ['dispatcher', 'field'] as const) {
    const carrier = await connectAsync(system.brokerUrl, { ...login(user), reconnectPeriod: 300 })
    // While the broker is down it keeps what it is to bring.
    carrier.on('error', () => undefined)
    carriers.push(carrier)
  }
  return stage
}

/** As it runs beside Node-RED: signs the head of the audit every minute. */
const startAudit = ({ database, dataDir }: RunningSystem): Auditing =>
  startAuditing(database.running, readEnvironment({ ...usersEnv, DATA_DIR: dataDir }), () => undefined)

async function verifyAudit({ database, dataDir }: RunningSystem): Promise<string | undefined> {
  const { host, port, user, password, database: name } = database.running
  const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: name }
  const { code, out, err } = await runProgram('audit/audit-cli.js', ['verify'], { ...login, DATA_DIR: dataDir })
  return code === 0 ? undefined : `${out}${err}`.trim()
}

/** What a broker keeps comes before it confirms what is said after the subscription. */
async function retainedOn(
  url: string,
  filter: string,
  login: { username: string; password: string },
): Promise<string[]> {
  const topics: string[] = []
  const client = await connectAsync(url, login)
  client.on('message', (topic, _payload, { retain }) => retain && topics.push(topic))
  await client.subscribeAsync(filter, { qos: 1 })
  await client.publishAsync('grid/commands/linha-viva.probe', '', { qos: 1 })
  await client.endAsync()
  return topics
}
