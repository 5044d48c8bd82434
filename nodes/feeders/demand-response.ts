import type { NodeAPI, NodeMessage } from 'node-red'
import { may } from '../../platform/access/identity.ts'
import { senderOf } from '../../platform/access/message-sender.ts'
import { lackOf, type Right } from '../../platform/access/roles.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { Problem } from '../../platform/http/problem.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { demandAsked } from './demand-response/demand-message.ts'
import { keepDemandResponse } from './demand-response/demand-rounds.ts'
import { countActive } from './demand-response/event-repository.ts'
import { civilOf } from './demand-response/occurrences.ts'
import { takeDemand } from './demand-response/take-demand.ts'
import { keepOpenadr } from './openadr/keep-openadr.ts'

interface DemandResponseConfig {
  database: string
  /** Whether logic of the flow may call for events, or persons only. */
  logicActs: boolean
}

const defaults: DemandResponseConfig = { database: '', logicActs: true }

/**
 * Takes events, programs and cancellations, of logic of the flow or of the person whom the dashboard's guard names; tells of each event
 * as it begins and ends on its first output, and what came of it on its second.
 */
export default function register(RED: NodeAPI): void {
  defineNode<DemandResponseConfig>(RED, 'linhaviva-demand-response', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const { CLOCK, TIME_ZONE, DEFAULT_FEEDER_ID, CONTROL_IMPORT_PRICE_BRL_KWH } = environment()
    const closing = new AbortController()
    let shown = -1
    async function showActive(): Promise<void> {
      const active = await countActive(database, platformClock.now())
      // What a refusal has to say stays until something happens.
      if (active === shown) return
      shown = active
      if (active === 0) node.status.show('grey', 'ring', node.text('demand-response.status.none'))
      else node.status.show('yellow', 'dot', node.text('demand-response.status.active', { events: String(active) }))
    }
    const keeping = keepDemandResponse(
      database,
      {
        ...{ clock: platformClock, clockIsSet: () => platformClock.isSet(CLOCK), civil: civilOf(TIME_ZONE) },
        referenceBrlPerKwh: CONTROL_IMPORT_PRICE_BRL_KWH ?? 0,
        event: (message) => node.send([message, null]),
        results: (message) => node.send([null, message]),
        progress: showActive,
        report(error) {
          node.status.show('red', 'ring', messageOf(error))
          node.reportError(error)
        },
      },
      closing.signal,
    )

    const reportVtn = (error: unknown): void => node.warn(`OpenADR: ${messageOf(error)}`)
    const polling = keepOpenadr(database, environment(), reportVtn, closing.signal)

    /** @returns who asks @throws DemandRefused where nobody does who may */
    async function askerOf(message: NodeMessage, right: Right, subject: string): Promise<string> {
      const access = runningServices()?.access
      const sender = await senderOf(message, access)
      const username = `node ${node.name}`
      if (sender.kind === 'logic' && config.logicActs) return username
      if (sender.kind === 'person' && may(sender.identity, right)) return sender.identity.username
      const why =
        sender.kind === 'person'
          ? lackOf(sender.identity.role, right)
          : sender.kind === 'logic'
            ? `${username} is not set to take events of logic`
            : 'no open session of this person proves it'
      const who = sender.kind === 'person' ? { identity: sender.identity, address: sender.address } : {}
      access?.noteAccess({ event: 'demand_response_refused', ...who, subject, detail: `${username}: ${why}` })
      throw new DemandRefused(why)
    }

    return {
      async onInput(message) {
        try {
          const asked = demandAsked(message.payload)
          const username = await askerOf(message, asked.kind === 'program' ? 'administer' : 'operate', asked.kind)
          await takeDemand(database, asked, {
            ...{ source: `node:${node.name || node.id}`, username, at: platformClock.now() },
            ...{ defaultFeederId: DEFAULT_FEEDER_ID, timeZone: TIME_ZONE },
          })
        } catch (error) {
          const isRefusal = error instanceof Problem || error instanceof DemandRefused
          node.status.show(isRefusal ? 'yellow' : 'red', 'ring', messageOf(error))
          shown = -1
          throw error
        }
      },
      async onClose() {
        closing.abort()
        await Promise.all([keeping, polling])
      },
    }
  })
}

class DemandRefused extends Error {
  override readonly name = 'DemandRefused'
}
