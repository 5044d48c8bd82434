import type { Database } from '../../platform/storage/database.ts'
import { windowsChangedAfter, type ChangedWindow } from './change-repository.ts'
import type { WindowBatch, WindowMessage } from './messages.ts'

/** Windows in one message. */
const mostInMessage = 500

/**
 * Messages with all windows that were written after one position up to another.
 * @param most  windows that are read at a time, but for a transaction that wrote more
 */
export async function* windowBatches(
  database: Database,
  after: number,
  upTo: number,
  most: number,
): AsyncGenerator<WindowBatch> {
  for (let position = after; position < upTo;) {
    const from = position
    const windows = await database.transaction((client) => windowsChangedAfter(client, from, most))
    // Changed again meanwhile: they come later, as they are then.
    const due = windows.filter(({ changed }) => changed <= upTo)
    for (let first = 0; first < due.length; first += mostInMessage)
      yield { topic: 'voltage/windows', payload: due.slice(first, first + mostInMessage).map(messageOf) }
    position = windows.at(-1)?.changed ?? upTo
  }
}

const messageOf = ({ changed: _changed, deviceKey: _deviceKey, ...window }: ChangedWindow): WindowMessage => window
