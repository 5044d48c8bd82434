import assert from 'node:assert/strict'
import { after, describe, it } from 'mocha'
import type { Behaviour, LinhaVivaNode } from '../node/define-node.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { cursorOf } from './cursor.ts'
import type { Log } from './follower.ts'
import { InfluxUnavailable, type Written } from './influxdb-connection.ts'
import { shipping } from './influxdb-shipping.ts'
import { useDatabase } from './test-database.ts'

interface Entry {
  readonly position: number
}

describe('a node that ships a log', function () {
  this.timeout(60_000)
  let behaviour: Behaviour | undefined
  after(() => behaviour?.onClose?.(false))
  const test = useDatabase()

  it('tries again what nobody confirmed, tells an outage once and what is refused each time, and moves on', async () => {
    const entries: Entry[] = [{ position: 1 }, { position: 2 }]
    const log: Log<Entry> = {
      name: 'of a test',
      after: async (_client, position) => entries.filter((entry) => entry.position > position),
      lagAfter: async (_database, position) => {
        const left = entries.filter((entry) => entry.position > position).length
        return { batches: left, readings: left }
      },
      sizeOf: () => ({ items: 1, readings: 1 }),
    }
    const answers: (Error | Written)[] = [
      new InfluxUnavailable('refused'),
      new InfluxUnavailable('refused otherwise'),
      new Error('a fault of its own'),
      new InfluxUnavailable('refused'),
      { written: 1, refused: 1, reason: 'too old' },
    ]
    const [faults, shown, sent]: [string[], string[], unknown[]] = [[], [], []]
    const node = {
      status: { show: (fill: string, _shape: string, text: string) => shown.push(`${fill} ${text}`) },
      text: (key: string, values: Record<string, string>) => `${key} ${Object.values(values).join()}`,
      reportError: (error: Error) => faults.push(error.message),
    } as unknown as LinhaVivaNode
    behaviour = shipping(node, 'store', test.database, {
      ...{ log, consumer: 'shipper' },
      async write() {
        const answer = answers.shift() ?? { written: 1, refused: 0 }
        if (answer instanceof Error) throw answer
        return answer
      },
      shipped: (round) => sent.push(round),
    })
    await waitUntil('the cursor', async () => (await cursorOf(test.database, 'of a test', 'shipper')) === 2)
    assert.deepEqual(faults, [
      'InfluxDB cannot be written: refused',
      'a fault of its own',
      'InfluxDB cannot be written: refused',
      'InfluxDB refused 1 points for good: too old',
    ])
    await waitUntil('the round', () => sent.length > 0)
    assert.deepEqual(sent, [{ batches: 2, readings: 2, behind: 0 }])
    assert.deepEqual(
      [...new Set(shown)],
      [
        ...['red store.status.away refused', 'red store.status.away refused otherwise', 'red a fault of its own'],
        'green store.status.behind 0',
      ],
    )
  })
})
