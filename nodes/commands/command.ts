import type { NodeAPI, NodeMessage } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { Problem } from '../../platform/http/problem.ts'
import { partCheck } from '../../platform/http/request-check.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { keepCommands } from './keeper/running-commands.ts'
import { sendSteps } from './keeper/step-sender.ts'
import type { CommandAccepted, CommandConditions } from './messages.ts'
import { acceptCommand } from './requests/accept.ts'
import { acceptingOf } from './requests/accepting.ts'
import { CommandRequest } from './requests/command-request.ts'
import { CommandWatch } from './watch/command-watch.ts'
import { countOpen } from './watch/watch-repository.ts'

interface CommandConfig {
  database: string
}

const mostConditions = 500
const check = partCheck(CommandRequest, 'payload')

/**
 * Takes requests for commands, each with a proof of who asks, and sends what was accepted on its first output; every step in the life
 * of every command on its second, and what is amiss with commands and setpoints, for alarms, on its third.
 */
export default function register(RED: NodeAPI): void {
  defineNode<CommandConfig>(RED, 'linhaviva-command', { database: '' }, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const report = (error: unknown): void => {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    }
    const { release } = keepCommands(database, report)
    let shown = ''
    async function showOpen(): Promise<void> {
      const { open, unknown } = await countOpen(database)
      // What a refusal has to say stays until something happens.
      if (shown === `${open} ${unknown}`) return
      shown = `${open} ${unknown}`
      const text = node.text('command.status.open', { open: String(open), unknown: String(unknown) })
      node.status.show(unknown > 0 ? 'red' : open > 0 ? 'yellow' : 'green', 'dot', text)
    }
    const sender = sendSteps(database, `command ${node.id}`, {
      send: (message) => node.send([null, message, null]),
      ...{ progress: showOpen, report },
    })
    const watch = new CommandWatch(database, {
      ...{ clock: platformClock, clockIsSet: () => platformClock.isSet(environment().CLOCK) },
      ...{ progress: showOpen, report },
      conditions(conditions) {
        for (let first = 0; first < conditions.length; first += mostConditions) {
          const payload = conditions.slice(first, first + mostConditions)
          node.send([null, null, { topic: 'commands/conditions', payload } satisfies CommandConditions])
        }
      },
    })
    return {
      async onInput({ proof, ...message }: NodeMessage & { readonly proof?: unknown }, send) {
        try {
          const services = runningServices()
          if (!services)
            throw new Error('nobody can be asked whether a proof is good: this is no process of the platform')
          const accepting = acceptingOf({ ...services, database })
          const requester = typeof proof === 'string' ? { proof } : {}
          const accepted = await acceptCommand(accepting, requestOf(message.payload), requester, platformClock.now())
          const told = { topic: 'commands/accepted', payload: accepted } satisfies CommandAccepted
          send([{ ...message, ...told }, null, null])
        } catch (error) {
          const refused = error instanceof Problem ? new CommandRefused(error) : error
          node.status.show(error instanceof Problem ? 'yellow' : 'red', 'ring', messageOf(refused))
          throw refused
        }
      },
      async onClose() {
        await Promise.all([sender.close(), watch.close()])
        await release()
      },
    }
  })
}

/** @throws Problem 400 that names field and value */
function requestOf(payload: unknown): CommandRequest {
  check(payload)
  return payload as CommandRequest
}

/** Says in one line why a request was refused: what is wrong with which field, or what stands against it. */
class CommandRefused extends Error {
  override readonly name = 'CommandRefused'

  constructor({ code, message, errors }: Problem) {
    const faults = errors.map(({ field, value, problem }) =>
      [field, ...(value === undefined ? [] : [`is ${JSON.stringify(value)}: it`]), problem].join(' '),
    )
    const words = code !== 'forbidden' && faults.length > 0 ? faults.join('; ') : message
    super(code === undefined ? words : `${code}: ${words}`)
  }
}
