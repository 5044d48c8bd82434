import type { NodeAPI, NodeMessage } from 'node-red'
import { senderOf } from '../../platform/access/message-sender.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { actOnAlarms, personActing, type ActingParty, type Outcome } from './actions/act.ts'
import { ActionAudit } from './actions/action-audit.ts'
import { attemptsOf } from './actions/action-message.ts'
import { alarmActions } from './actions/action.ts'
import type { AlarmActionsDone } from './messages.ts'
import { keepTable } from './table/running-table.ts'

interface AlarmActionConfig {
  database: string
  /** Whether logic may do what persons do, too: beside suppressing by design. */
  logicActs: boolean
}

const defaults: AlarmActionConfig = { database: '', logicActs: false }
const mostTold = 5

/** Acts on alarms: for the person whom the dashboard's guard names, or as logic of the flow. */
export default function register(RED: NodeAPI): void {
  defineNode<AlarmActionConfig>(RED, 'linhaviva-alarm-action', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const { keeper, release } = keepTable(database, (error) => node.reportError(error))
    const acting = { database, audit: new ActionAudit(), table: () => keeper.ready() }
    const allowed = config.logicActs ? alarmActions : (['suppress', 'unsuppress'] as const)
    const username = `node ${node.name}`

    async function partyOf(message: NodeMessage): Promise<ActingParty> {
      const sender = await senderOf(message, runningServices()?.access)
      if (sender.kind === 'person') return personActing(sender.identity, sender.address)
      return { actor: sender.kind === 'logic' ? { kind: 'logic', username, allowed } : { kind: 'unproven', username } }
    }

    return {
      async onInput(message, send) {
        try {
          const now = platformClock.now()
          const attempts = attemptsOf(message.payload, now)
          const outcomes = await actOnAlarms(acting, await partyOf(message), attempts, now)
          const done = outcomes.filter(({ outcome }) => outcome === 'done')
          const told = { topic: 'alarms/actions', payload: done.map(doneOf) } satisfies AlarmActionsDone
          if (done.length > 0) send({ ...message, ...told })
          const refused = outcomes.filter(({ outcome }) => outcome === 'refused')
          if (refused.length > 0) throw new ActionsRefused(refused)
          const figures = { done: String(done.length) }
          node.status.show('green', 'dot', node.text('alarm-action.status.done', figures))
        } catch (error) {
          node.status.show(error instanceof ActionsRefused ? 'yellow' : 'red', 'ring', messageOf(error))
          throw error
        }
      },
      onClose: release,
    }
  })
}

const doneOf = ({ alarmId, key, action, state, occurrence }: Outcome) => ({ alarmId, key, action, state, occurrence })

/** Says of each attempt why it was refused, of many of the first ones. */
class ActionsRefused extends Error {
  override readonly name = 'ActionsRefused'

  constructor(refused: readonly Outcome[]) {
    const told = refused.slice(0, mostTold).map(({ action, alarmId, key, problem }) => {
      return `${action} of alarm ${alarmId ?? key}: ${problem}`
    })
    const more = refused.length - told.length
    super([...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; '))
  }
}
