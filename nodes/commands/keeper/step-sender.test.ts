import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { aMadeCommand, begun } from '../made-command.fixture.ts'
import type { CommandStep } from '../messages.ts'
import { changeCommands } from './change-commands.ts'
import { sendSteps } from './step-sender.ts'

describe('steps of commands', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const name = 'command of a test'

  function start() {
    const sent: CommandStep[] = []
    const sender = sendSteps(test.database, name, {
      send: ({ payload }) => void sent.push(...payload),
      progress: async () => undefined,
      report: (error) => assert.fail(error as Error),
    })
    return { sent, sender }
  }
  const follows = () =>
    waitUntil('its place in the log', async () => {
      const rows = await test.database.query('select from consumer_cursor where consumer = $1 and position > 0', [name])
      return rows.length === 1
    })
  async function make(count: number): Promise<string[]> {
    const changes = Array.from({ length: count }, (_, n) => ({
      ...{ made: aMadeCommand({ deviceId: `sw-${n}` }), by: { username: 'ana' } },
    }))
    await test.database.transaction((client) => changeCommands(client, changes, begun))
    return changes.map(({ made }) => made.commandId)
  }

  it('are sent once each in the order of commits, those too that were made while nothing ran', async () => {
    await make(1)
    const first = start()
    await follows()
    const ids = await make(700)
    await waitUntil('all of them', () => first.sent.length >= 700)
    await first.sender.close()
    assert.deepEqual(
      first.sent.map(({ commandId }) => commandId),
      ids,
    )
    const changes = ids.slice(0, 2).map((commandId) => ({
      ...{ commandId, event: { kind: 'cancelled', reason: 'no' } as const, by: { username: 'rui' } },
    }))
    await test.database.transaction((client) => changeCommands(client, changes, begun + 1))
    const second = start()
    await waitUntil('both', () => second.sent.length >= 2)
    await second.sender.close()
    assert.deepEqual(
      second.sent.map(({ from, to, username, at }) => [from, to, username, at]),
      [1, 2].map(() => ['queued', 'cancelled', 'rui', begun + 1]),
    )
  })
})
