import type { NodeAPI } from 'node-red'
import { wallClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { enterFile, enterRecords, type Entered } from './registers/enter-rows.ts'
import { registerNamed, registers } from './registers/registers.ts'

interface ContinuityRegisterConfig {
  database: string
  /** Which register it writes: its name. */
  register: string
}

const defaults: ContinuityRegisterConfig = { database: '', register: 'emergency-occurrences' }
/** As much as the API takes at once: reading it holds up everything else for a moment. */
const mostBytes = 16 * 1024 * 1024
const mostRows = 100_000
const mostWaiting = 100

/**
 * Enters what arrives into a register of continuity, each message all or nothing: rows as objects, one or many, or the text of a
 * CSV file. Sends `{register, added, changed, unchanged}` once they are stored; what is wrong goes to Catch, by line and field.
 */
export default function register(RED: NodeAPI): void {
  defineNode<ContinuityRegisterConfig>(RED, 'linhaviva-continuity-register', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const target = registerNamed(config.register)
    if (!target)
      throw new Error(`register is "${config.register}": it takes ${registers.map(({ name }) => name).join(', ')}`)
    // One after the other: of two messages about the same row the later one holds.
    let last: Promise<unknown> = Promise.resolve()
    let waiting = 0

    const enter = async (payload: unknown): Promise<Entered> => {
      const by = { name: `node ${node.name}`, at: wallClock.now() }
      if (typeof payload !== 'string' && !(payload instanceof Uint8Array))
        return enterRecords(database, target, recordsOf(payload), by)
      if (payload.length > mostBytes)
        throw new TypeError(`payload has ${payload.length} bytes: at most ${mostBytes} are taken at once, divide it`)
      return enterFile(database, target, Buffer.from(payload), by)
    }

    return {
      async onInput(msg, send) {
        if (waiting >= mostWaiting) throw new Error(`${mostWaiting} messages wait already: this one was not taken`)
        waiting++
        const entering = last.then(() => enter(msg.payload))
        last = entering.catch(() => undefined)
        try {
          const entered = await entering
          const shown = { added: String(entered.added), changed: String(entered.changed) }
          node.status.show('green', 'dot', () => node.text('continuity-register.status.entered', shown))
          send({ ...msg, payload: { register: target.name, ...entered } })
        } catch (error) {
          node.status.show('red', 'ring', node.text('continuity-register.status.refused'))
          throw error
        } finally {
          waiting--
        }
      },
      async onClose() {
        await last
      },
    }
  })
}

function recordsOf(payload: unknown): readonly unknown[] {
  if (typeof payload !== 'object' || payload === null)
    throw new TypeError(`payload is ${JSON.stringify(payload) ?? 'undefined'}: it takes rows, or CSV as text`)
  const records: readonly unknown[] = Array.isArray(payload) ? payload : [payload]
  if (records.length > mostRows)
    throw new TypeError(`payload has ${records.length} rows: at most ${mostRows} are taken at once, divide them`)
  return records
}
