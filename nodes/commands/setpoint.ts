import type { NodeAPI, NodeMessage } from 'node-red'
import { may } from '../../platform/access/identity.ts'
import { senderOf } from '../../platform/access/message-sender.ts'
import { lackOf } from '../../platform/access/roles.ts'
import { platformClock, wallClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { numberSetting } from '../../platform/node/number-setting.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { longestSetpointMs } from './domain/setpoint.ts'
import type { SetpointsSet } from './messages.ts'
import { setSetpoints, type RefusedSetpoint } from './setpoints/set-setpoints.ts'
import { setpointsOf } from './setpoints/setpoint-message.ts'

interface SetpointConfig {
  database: string
  /** A setpoint holds so long that does not say. */
  minutes: number | string
  /** Whether logic of the flow may set any, or persons only. */
  logicActs: boolean
}

const defaults: SetpointConfig = { database: '', minutes: 15, logicActs: true }
const minuteMs = 60_000
const mostTold = 5

/** Has DERs follow setpoints: as logic of the flow, or for the person whom the dashboard's guard names. */
export default function register(RED: NodeAPI): void {
  defineNode<SetpointConfig>(RED, 'linhaviva-setpoint', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const defaultMs = numberSetting('minutes', config.minutes, 1, longestSetpointMs / minuteMs) * minuteMs

    /** @returns who sets it @throws SetpointsRefused where nobody does who may */
    async function setterOf(message: NodeMessage, devices: string): Promise<string> {
      const access = runningServices()?.access
      const sender = await senderOf(message, access)
      const username = `node ${node.name}`
      if (sender.kind === 'logic' && config.logicActs) return username
      if (sender.kind === 'person' && may(sender.identity, 'operate')) return sender.identity.username
      const why =
        sender.kind === 'person'
          ? lackOf(sender.identity.role, 'operate')
          : sender.kind === 'logic'
            ? `${username} is not set to take setpoints of logic`
            : 'no open session of this person proves it'
      const who = sender.kind === 'person' ? { identity: sender.identity, address: sender.address } : {}
      access?.noteAccess({ event: 'setpoint_refused', ...who, subject: devices, detail: `${username}: ${why}` })
      throw new SetpointsRefused(why)
    }

    return {
      async onInput(message, send) {
        try {
          const now = platformClock.now()
          const asked = setpointsOf(message.payload, defaultMs, now)
          const username = await setterOf(message, asked.map(({ deviceId }) => deviceId).join(' '))
          const { set, refused } = await setSetpoints(database, asked, username, now, wallClock.now())
          const told = { topic: 'commands/setpoints', payload: set } satisfies SetpointsSet
          if (set.length > 0) send({ ...message, ...told })
          if (refused.length > 0) throw new SetpointsRefused(problemsOf(refused))
          node.status.show('green', 'dot', node.text('setpoint.status.set', { set: String(set.length) }))
        } catch (error) {
          node.status.show(error instanceof SetpointsRefused ? 'yellow' : 'red', 'ring', messageOf(error))
          throw error
        }
      },
    }
  })
}

/** Says of each setpoint why it was refused, of many of the first ones. */
function problemsOf(refused: readonly RefusedSetpoint[]): string {
  const told = refused.slice(0, mostTold).map(({ problem }) => problem)
  const more = refused.length - told.length
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

class SetpointsRefused extends Error {
  override readonly name = 'SetpointsRefused'
}
