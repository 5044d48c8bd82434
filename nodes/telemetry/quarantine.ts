import { isUtf8 } from 'node:buffer'
import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { isReason } from '../../platform/wire/reasons.ts'
import { showValue } from '../../platform/wire/show-value.ts'
import {
  countQuarantine,
  countWaitingForApproval,
  listQuarantine,
  markReplayed,
  replayableQuarantine,
  type QuarantineEntry,
  type QuarantineFilter,
} from './quarantine-repository.ts'

const actions = ['list', 'count', 'replay'] as const
type Action = (typeof actions)[number]

interface QuarantineConfig {
  database: string
  action: Action
}

const defaultLimit = 100
const mostEntries = 10_000
const replayDeadlineMs = 30_000

/**
 * Looks into quarantine. `list` and `count` answer on the first output. `replay` sends each payload again on the second
 * output, for `telemetry validate`, and answers how many were settled; one that stays unsettled can be replayed again. What
 * indicators of the regulator rest on is left alone until two persons have approved its replay; the answer says how much.
 * An input may name `payload.action`, `payload.reason`, `payload.deviceId` and `payload.limit`.
 */
export default function register(RED: NodeAPI): void {
  defineNode<QuarantineConfig>(RED, 'linhaviva-quarantine', { database: '', action: 'list' }, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    return {
      async onInput(msg, send) {
        const { action, filter } = requestOf(msg.payload, config.action)
        if (action === 'count') return send([{ ...msg, payload: await countQuarantine(database, filter) }, null])
        if (action === 'list') {
          const entries = await listQuarantine(database, filter)
          return send([{ ...msg, payload: entries.map(readable) }, null])
        }
        const entries = await replayableQuarantine(database, filter)
        const replayed = await replay(entries, (field) => send([null, field]), database)
        const waitingForApproval = await countWaitingForApproval(database, filter)
        const counts = { count: String(replayed), waiting: String(waitingForApproval) }
        if (waitingForApproval === 0) node.status.show('green', 'dot', RED._('quarantine.status.replayed', counts))
        else node.status.show('yellow', 'dot', RED._('quarantine.status.waiting', counts))
        send([{ ...msg, payload: { found: entries.length, replayed, waitingForApproval } }, null])
      },
    }
  })
}

/** Sends entries one by one, the next when the one before is settled or overdue. @returns how many were settled */
async function replay(
  entries: QuarantineEntry[],
  send: (msg: { topic: string; payload: string | Buffer; receivedAt: number; batchId: number }) => void,
  database: Database,
): Promise<number> {
  let replayed = 0
  for (const { id, topic, payload, receivedAt } of entries) {
    const settled = await new Promise<boolean>((resolve) => {
      const batchId = acknowledgements.open(replayDeadlineMs, {
        onSettled: () => resolve(true),
        onOverdue: () => {
          acknowledgements.abandon(batchId)
          resolve(false)
        },
      })
      // As text where it is text: bytes that are none must not become good ones on the way.
      send({ topic, payload: isUtf8(payload) ? payload.toString('utf8') : payload, receivedAt, batchId })
    })
    if (!settled) break
    await markReplayed(database, [id], platformClock.now())
    replayed++
  }
  return replayed
}

function requestOf(payload: unknown, configured: Action): { action: Action; filter: QuarantineFilter } {
  const given = typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {}
  const { action = configured, reason, deviceId, limit = defaultLimit } = given
  const known = actions.find((one) => one === action)
  if (!known) throw new TypeError(`action is ${showValue(action)}: it takes ${actions.join(', ')}`)
  if (reason !== undefined && !(typeof reason === 'string' && isReason(reason)))
    throw new TypeError(`reason is ${showValue(reason)}, none of the reason codes`)
  if (deviceId !== undefined && typeof deviceId !== 'string')
    throw new TypeError(`deviceId is ${showValue(deviceId)}, not a text`)
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > mostEntries)
    throw new TypeError(`limit is ${showValue(limit)}: it takes a whole number from 1 to ${mostEntries}`)
  return {
    action: known,
    filter: { limit, ...(reason !== undefined && { reason }), ...(deviceId !== undefined && { deviceId }) },
  }
}

function readable({ payload, ...entry }: QuarantineEntry) {
  return { ...entry, payload: payload.toString('utf8') }
}
