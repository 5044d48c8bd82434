import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { said, useAlarms } from '../nodes/alarms/alarms.fixture.ts'
import { TopicReader } from '../nodes/alarms/notify/alarm-topics.fixture.ts'
import { AlarmTopics } from '../nodes/alarms/notify/alarm-topics.ts'
import { type DeployedMosquitto, hasMosquitto, startDeployedMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const passwords = { linhaviva: 'l', dispatcher: 'd', flows: 'f', field: 'x' }

describe('the topics of alarms at mosquitto, as it is deployed', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  let folder: string
  let mosquitto: DeployedMosquitto | undefined
  let topics: AlarmTopics | undefined

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    folder = mkdtempSync(join(tmpdir(), 'alarm-topics-'))
    mosquitto = await startDeployedMosquitto(folder, passwords)
  })
  after(async () => {
    await topics?.close(false)
    await mosquitto?.stop()
    if (folder) rmSync(folder, { recursive: true })
  })

  const start = (): AlarmTopics =>
    (topics = new AlarmTopics(alarms.database, {
      ...{ url: mosquitto!.url, nodeId: 'n-1', timeZone: 'America/Sao_Paulo' },
      connection: { username: 'dispatcher', password: passwords.dispatcher, clientId: 'topics', protocolVersion: 5 },
      ...{ progress: () => undefined, report: () => undefined },
    }))
  async function shows(standing: string[]): Promise<void> {
    const field = await TopicReader.open(mosquitto!.url, { username: 'field', password: passwords.field })
    try {
      await waitUntil(standing.join(), async () => field.standing.join() === standing.join())
    } finally {
      await field.close()
    }
  }

  it('are kept over a restart of the broker, and brought in line with what changed while nothing published', async () => {
    const [first, second] = await alarms.keeper.take([said('load', 'f-1'), said('load', 'f-2')])
    start()
    await shows([`${first!.alarmId} B`, `${second!.alarmId} B`])
    await topics!.close(false)
    await alarms.act(second!.alarmId, { type: 'acknowledge', occurrence: 1 })
    alarms.now += 1_000
    await alarms.keeper.take([said('load', 'f-2', { state: 'normal', at: alarms.now })])
    await mosquitto!.restart()
    await shows([`${first!.alarmId} B`, `${second!.alarmId} B`])
    start()
    await shows([`${first!.alarmId} B`])
    await mosquitto!.restart()
    await alarms.act(first!.alarmId, { type: 'acknowledge', occurrence: 1 })
    await shows([`${first!.alarmId} C`])
    assert.deepEqual(alarms.faults, [])
  })
})
