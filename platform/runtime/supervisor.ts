import { get } from 'node:http'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { type Auditing, startAuditing } from './auditing.ts'
import { brokerPasswords, brokerUsersFile, tellBrokerUsers } from './broker-passwords.ts'
import { type CountedRefusal, entryOfRefusal } from './broker-refusals.ts'
import { startChild } from './child-part.ts'
import { runningDatabase } from '../network/running-database.ts'
import { takeDataDirectory } from './data-directory.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.ts'
import { type Environment, isProduction } from './environment.ts'
import { type Kept, keepRunning } from './keep-running.ts'
import { externalOwner, migrateWhenPossible, type Owner } from './migration.ts'
import {
  bracketed,
  brokerEnvironment,
  brokerUrl,
  hasOwnBroker,
  partEnvironment,
  reachable,
  simulatorEnvironment,
} from './part-environment.ts'
import { type Level, levelOf, type PartLog } from './part-log.ts'
import { freePort, requireFreePorts } from './ports.ts'
import { openSecrets } from './secrets.ts'
import { bringFlowsOfThisRelease } from './shipped-flows.ts'
import { registerSimulatedField } from './simulated-field.ts'
import { StartError } from './start-error.ts'
import { openUsers, requireUsers, type Users } from './users.ts'

export interface SupervisorOptions {
  readonly environment: Environment
  /** What the parts inherit beside our own variables. */
  readonly base: NodeJS.ProcessEnv
  /** Undefined: beside our own broker only. */
  readonly simulator: boolean | undefined
  readonly log: PartLog
}

export interface Supervisor {
  /** What runs where: a line each, name and value. */
  readonly overview: readonly (readonly [string, string])[]
  /** Where to point a browser. */
  readonly address: string
  /** Users that were made up at this start, and where they stand: nobody else will show them. */
  readonly madeUsers: Users['made']
  /** Stops simulator, Node-RED, broker and database, in this order, in less than 10 s. */
  stop(): Promise<void>
}

/** How long each part may take to end by itself: together less than 10 s. */
const patience = { simulator: 1_500, nodeRed: 3_500, broker: 1_500, database: 2_000 }

/**
 * Starts what this environment asks for, and keeps it running. Returns when all that is ours is up; what is external may come when it comes.
 * @throws StartError, EnvironmentError in one line if data directory, ports or users cannot be had
 * @throws Error if an embedded part cannot be started at all, or `stopping` was raised meanwhile
 */
export async function startSupervisor(options: SupervisorOptions, stopping: AbortSignal): Promise<Supervisor> {
  const { environment, base, log } = options
  requireUsers(environment)
  const dataDir = resolve(environment.DATA_DIR)
  const data = takeDataDirectory(dataDir)
  const parts: Kept[] = []
  const over = new AbortController()
  async function stop(): Promise<void> {
    over.abort()
    for (const part of parts.toReversed()) await part.stop()
    data.release()
  }
  stopping.addEventListener('abort', () => over.abort(), { once: true })

  try {
    const ownBroker = hasOwnBroker(environment)
    const { PORT, MQTT_PORT, MQTT_WS_PORT, MQTT_TLS_CERT, MQTT_TLS_PORT, BIND_ADDRESS } = environment
    if (options.simulator && ownBroker && isProduction(environment))
      throw new StartError(
        'the simulated field has no user at the embedded broker in production: leave --simulator out',
      )
    await requireFreePorts(
      BIND_ADDRESS,
      {
        PORT,
        ...(ownBroker && { MQTT_PORT, MQTT_WS_PORT }),
        ...(ownBroker && MQTT_TLS_CERT !== undefined && { MQTT_TLS_PORT }),
      },
      data.wasKilled ? 10_000 : 0,
    )
    const starting = say(log, 'start')

    let database: EmbeddedDatabase | undefined
    let owner: Owner
    if (environment.DB_HOST === undefined) {
      starting('info', 'database …')
      const kept = keepDatabase(dataDir, log, (started) => (database = started))
      parts.push(kept)
      await Promise.race([kept.started, aborted(over.signal)])
      over.signal.throwIfAborted()
      owner = database!.owner
    } else {
      owner = externalOwner(environment, (line) => say(log, 'database')('warn', line))
    }
    const migrated = migrateWhenPossible(
      owner,
      database ? database.running.user : environment.DB_USER,
      say(log, 'database'),
      over.signal,
      database ? undefined : environment.DB_READER_USER,
    )
    // An embedded database is there: with its schema in place first, nothing has to wait later. Should that fail, the rest comes up all the same.
    if (database) await Promise.race([migrated, new Promise((resolve) => setTimeout(resolve, 20_000).unref())])
    over.signal.throwIfAborted()

    const auditing = startAuditing(database?.running ?? runningDatabase(environment), environment, (line) =>
      say(log, 'audit')('warn', line),
    )
    parts.push(auditing)

    const simulated = options.simulator ?? (ownBroker && !isProduction(environment))
    if (database && simulated) await tellOfSimulatedField(database, environment, log)
    over.signal.throwIfAborted()

    const passwords = ownBroker ? brokerPasswords(environment, openSecrets(dataDir)) : undefined
    if (passwords) {
      tellBrokerUsers(dataDir, passwords)
      starting('info', 'MQTT broker …')
      parts.push(
        await kept(
          keepScript(
            'broker',
            {
              script: join(import.meta.dirname, 'embedded-broker-process.js'),
              env: brokerEnvironment(base, environment, passwords),
              ready: 'message',
              patienceMs: patience.broker,
              onMessage: (message) => tellRefusals(message, auditing),
            },
            log,
          ),
        ),
      )
      over.signal.throwIfAborted()
    }
    await bringFlowsOfThisRelease(environment, say(log, 'start'))
    over.signal.throwIfAborted()
    starting('info', 'Node-RED …')
    const env = partEnvironment(base, environment, database?.running, passwords)
    // Only now that the rest is up: users that are made up here are shown when the start is over, or never.
    const { made: madeUsers, ...users } = openUsers(environment, dataDir)
    const nodeRed = keepNodeRed(environment, { ...env, ...users }, log)
    // Listed before it is up: whoever stops us meanwhile stops it too.
    parts.push(nodeRed)
    await Promise.race([nodeRed.started, aborted(over.signal)])
    over.signal.throwIfAborted()

    if (simulated) {
      parts.push(
        keepScript(
          'simulator',
          {
            script: join(import.meta.dirname, '..', '..', 'simulator', 'main.js'),
            args: ['--url', brokerUrl(environment)],
            env: simulatorEnvironment(base, environment, passwords),
            patienceMs: patience.simulator,
          },
          log,
        ),
      )
    }
    return { ...overviewOf(environment, database, ownBroker, simulated), madeUsers, stop }
  } catch (error) {
    await stop()
    throw error
  }

  async function kept(part: Kept): Promise<Kept> {
    try {
      await part.started
      return part
    } catch (error) {
      await part.stop()
      throw error
    }
  }
}

/** The broker is a process of its own, which knows no database. */
function tellRefusals(message: unknown, auditing: Auditing): void {
  const { refusals } = message as { refusals?: readonly CountedRefusal[] }
  for (const refusal of refusals ?? []) auditing.refused(entryOfRefusal(refusal))
}

type Say = (level: Level, line: string) => void

const say =
  (log: PartLog, part: string): Say =>
  (level, line) =>
    log.write(part, level, line)

/** Without it the simulated field still runs, on feeders that nobody knows. */
async function tellOfSimulatedField(
  { running }: EmbeddedDatabase,
  { TIME_ZONE }: Environment,
  log: PartLog,
): Promise<void> {
  try {
    if (await registerSimulatedField(running, TIME_ZONE)) say(log, 'start')('info', 'registry: the simulated field')
  } catch (error) {
    say(log, 'start')('warn', `the simulated field is not registered as a whole: ${(error as Error).message}`)
  }
}

function keepDatabase(dataDir: string, log: PartLog, started: (database: EmbeddedDatabase) => void): Kept {
  let port: number | undefined
  const told = say(log, 'database')
  return keepRunning({
    firstMustSucceed: true,
    log: (line) => told('warn', line),
    launch: async (stopping) => {
      // After a death on the same port as before: the other parts know it by that one.
      port ??= await freePort()
      const database = await startEmbeddedDatabase({
        dataDir,
        port,
        stopping,
        log: (text) => {
          const { level, line } = levelOf(text, 'info')
          told(level, line)
        },
      })
      started(database)
      return { ended: database.ended, stop: () => database.stop(patience.database) }
    },
  })
}

function keepNodeRed(environment: Environment, env: NodeJS.ProcessEnv, log: PartLog): Kept {
  const script = createRequire(import.meta.url).resolve('node-red/red.js')
  const args = ['--settings', join(import.meta.dirname, 'node-red-settings.js')]
  const { BIND_ADDRESS, PORT } = environment
  const ready = (): Promise<boolean> => answers(reachable(BIND_ADDRESS), PORT)
  return keepScript('node-red', { script, args, env, ready, patienceMs: patience.nodeRed }, log)
}

type Script = Omit<Parameters<typeof startChild>[0], 'onLine' | 'nodeArgs'>

function keepScript(name: string, part: Script, log: PartLog): Kept {
  const told = say(log, name)
  const nodeArgs = ['--import', new URL('end-with-parent.js', import.meta.url).href]
  return keepRunning({
    firstMustSucceed: name === 'broker',
    log: (line) => told('warn', line),
    launch: (stopping) =>
      startChild(
        {
          ...part,
          nodeArgs,
          onLine: (text, stream) => {
            const { level, line } = levelOf(text, stream === 'error' ? 'warn' : 'info')
            told(level, line)
          },
        },
        stopping,
      ),
  })
}

function overviewOf(
  environment: Environment,
  database: EmbeddedDatabase | undefined,
  ownBroker: boolean,
  simulated: boolean,
): Pick<Supervisor, 'overview' | 'address'> {
  const { BIND_ADDRESS, PORT, DB_HOST, DB_PORT, DATA_DIR, AUTH_USERS } = environment
  const shown = reachable(BIND_ADDRESS)
  const address = `http://${shown === '127.0.0.1' ? 'localhost' : bracketed(shown)}:${PORT}/`
  return {
    address,
    overview: [
      ['Dashboard', `${address}dashboard`],
      ['Editor', `${address}editor`],
      ['API', `${address}api/docs`],
      ['Health', `${address}api/health`],
      ...mqttOverview(environment, ownBroker),
      [
        'Database',
        database
          ? `PostgreSQL on 127.0.0.1:${database.running.port} (embedded)`
          : `PostgreSQL on ${DB_HOST}:${DB_PORT} (external)`,
      ],
      ['Simulator', simulated ? 'on' : 'off'],
      ['Users', AUTH_USERS === undefined ? join(resolve(DATA_DIR), 'users.json') : 'of AUTH_USERS'],
      ['Data', resolve(DATA_DIR)],
      ...(isProduction(environment) ? [['Logs', join(resolve(DATA_DIR), 'logs')] as const] : []),
    ],
  }
}

function mqttOverview(environment: Environment, ownBroker: boolean): (readonly [string, string])[] {
  const url = brokerUrl(environment)
  if (!ownBroker) return [['MQTT', `${url} (external)`]]
  const { BIND_ADDRESS, DATA_DIR, MQTT_WS_PORT, MQTT_TLS_CERT, MQTT_TLS_PORT } = environment
  const users = isProduction(environment) ? 'flows' : 'field and flows'
  return [
    ['MQTT', `${url}, ws://${new URL(url).hostname}:${MQTT_WS_PORT} (embedded, in memory)`],
    ...(MQTT_TLS_CERT === undefined
      ? []
      : [['MQTT, TLS', `mqtts://${bracketed(reachable(BIND_ADDRESS))}:${MQTT_TLS_PORT}`] as const]),
    ['MQTT users', `${users}; passwords in ${brokerUsersFile(resolve(DATA_DIR))}`],
  ]
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    // By the name of this machine: the guard of the pages lets no other in.
    const request = get({ host, port, path: '/', timeout: 2_000, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode !== undefined)
    })
    request.once('timeout', () => request.destroy(new Error('no answer')))
    request.once('error', () => resolve(false))
  })
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
