import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { BrokerPasswords } from './broker-guard.ts'
import { type Environment, isProduction } from './environment.ts'
import { hasOwnBroker } from './part-environment.ts'
import { StartError } from './start-error.ts'
import { openSecrets, type Secrets, writeAtomically } from './secrets.ts'

/** Names of the platform's users at an external broker; the embedded one has names of its own. */
const userVariables = { linhaviva: 'MQTT_USER', dispatcher: 'MQTT_DISPATCHER_USER' } as const

/**
 * Passwords at the embedded broker: what the environment says, else what was made up at the first start. In production
 * every device has a user of its own.
 * @throws StartError where the environment gives a user another name, which would have no rights
 */
export function brokerPasswords(environment: Environment, secrets: Secrets): BrokerPasswords {
  for (const [user, variable] of Object.entries(userVariables))
    if ((environment[variable] ?? user) !== user)
      throw new StartError(
        `${variable} is "${environment[variable]}", but the embedded broker calls it ${user}: leave it unset`,
      )
  return {
    linhaviva: environment.MQTT_PASSWORD ?? secrets.mqttPlatform,
    dispatcher: environment.MQTT_DISPATCHER_PASSWORD ?? secrets.mqttDispatcher,
    flows: environment.MQTT_FLOWS_PASSWORD ?? secrets.mqttFlows,
    ...(!isProduction(environment) && { field: environment.MQTT_FIELD_PASSWORD ?? secrets.mqttField }),
  }
}

/**
 * The environment with the platform's logins at the embedded broker that runs on DATA_DIR, for a command line beside it.
 * The same where the broker is an external one, or none has ever run there.
 */
export function withOwnLogin(environment: Environment): Environment {
  const dataDir = resolve(environment.DATA_DIR)
  if (!hasOwnBroker(environment) || !existsSync(join(dataDir, 'secrets.json'))) return environment
  const { linhaviva, dispatcher } = brokerPasswords(environment, openSecrets(dataDir))
  return {
    ...environment,
    ...{ MQTT_USER: 'linhaviva', MQTT_PASSWORD: linhaviva },
    ...{ MQTT_DISPATCHER_USER: 'dispatcher', MQTT_DISPATCHER_PASSWORD: dispatcher },
  }
}

/** What people need to connect a device or a flow of their own: for whoever runs the system to read. */
export const brokerUsersFile = (dataDir: string): string => join(dataDir, 'mqtt-users.json')

/** Writes the users that are people's to use, with their passwords. */
export function tellBrokerUsers(dataDir: string, { field, flows }: BrokerPasswords): void {
  writeAtomically(brokerUsersFile(dataDir), JSON.stringify({ field, flows }, null, 2) + '\n', 0o600)
}
