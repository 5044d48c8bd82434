import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { connectAsync } from 'mqtt'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { startEmbeddedBroker, type EmbeddedBroker } from '../../../platform/runtime/embedded-broker.ts'
import { freePort } from '../../../platform/runtime/ports.ts'
import { fieldContract } from '../../../platform/wire/contract.ts'
import { said, useAlarms } from '../alarms.fixture.ts'
import { TopicReader } from './alarm-topics.fixture.ts'
import { changeAlarms } from '../keeper/change-alarms.ts'
import { AlarmTopics } from './alarm-topics.ts'

const passwords = { linhaviva: 'l', dispatcher: 'd', flows: 'f', field: 'x' }

describe('the topics of alarms', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  let folder: string
  let port: number
  let broker: EmbeddedBroker | undefined
  let topics: AlarmTopics[] = []
  let readers: TopicReader[] = []
  let faults: string[]

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alarm-topics-'))
    port = await freePort()
  })
  beforeEach(async () => {
    faults = []
    await startBroker()
  })
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.close()))
    await Promise.all(topics.map((one) => one.close(false)))
    readers = []
    topics = []
    await stopBroker()
    await alarms.database.query("delete from consumer_cursor where log = 'alarms'")
    for (const { key, state } of await alarms.listing())
      if (state !== 'A') await over(key.split('/')[1]!, key.split('/')[2]!)
  })
  after(() => rmSync(folder, { recursive: true }))

  async function startBroker(): Promise<void> {
    const access = { passwords, devicesFile: join(folder, 'devices') }
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port, webSocketPort: 0, access })
  }
  async function stopBroker(): Promise<void> {
    await broker?.stop()
    broker = undefined
  }
  const url = (): string => `mqtt://127.0.0.1:${port}`
  function start(nodeId = 'n-1', user: keyof typeof passwords = 'dispatcher'): AlarmTopics {
    const connection = { username: user, password: passwords[user], clientId: `topics-${nodeId}-${topics.length}` }
    const one = new AlarmTopics(alarms.database, {
      ...{ url: url(), connection, nodeId, timeZone: 'America/Sao_Paulo', progress: () => undefined },
      report: (error) => faults.push((error as Error).message),
    })
    topics.push(one)
    return one
  }
  const reader = async (): Promise<TopicReader> => {
    const opened = await TopicReader.open(url(), { username: 'field', password: passwords.field })
    readers.push(opened)
    return opened
  }
  const say = async (kind: string, subject: string, more: Parameters<typeof said>[2] = {}): Promise<number> => {
    const [changed] = await alarms.keeper.take([said(kind, subject, { at: (alarms.now += 1_000), ...more })])
    return changed!.alarmId
  }
  /** It has ended, and somebody has seen it. */
  async function over(kind: string, subject: string): Promise<void> {
    const alarmId = await say(kind, subject, { state: 'normal' })
    const { occurrence } = (await alarms.listing()).find((one) => one.alarmId === alarmId)!
    await alarms.act(alarmId, { type: 'unshelve' })
    await alarms.act(alarmId, { type: 'acknowledge', occurrence })
  }
  const shows = (of: TopicReader, standing: string[]): Promise<unknown> =>
    waitUntil(`${standing.join()} on the topics, which have ${of.standing.join()}`, () => {
      const now = of.standing
      return now.length === standing.length && now.every((line, n) => line === standing[n])
    })

  it('say the state of each alarm, by the published schema, until it is normal', async () => {
    start()
    const field = await reader()
    const alarmId = await say('load', 'f-1', { feederId: 'f-1', value: 412, limit: 400, unit: 'kW' })
    await shows(field, [`${alarmId} B`])
    const alarm = field.of(alarmId)!
    assert.ok(new Ajv().compile(fieldContract.alarm.schema)(alarm), JSON.stringify(alarm))
    assert.deepEqual([alarm.key, alarm.feeder_id, alarm.value, alarm.limit], ['test/load/f-1', 'f-1', 412, 400])
    assert.equal(alarm.escalated_to, undefined)
    await alarms.act(alarmId, { type: 'acknowledge', occurrence: alarm.occurrence })
    await shows(field, [`${alarmId} C`])
    await say('load', 'f-1', { state: 'normal' })
    await shows(field, [])
    assert.deepEqual(faults, [])
  })

  it('say that an alarm is shelved; those that another explains are counted there instead', async () => {
    const rootAlarmId = await say('outage', 'sw-1')
    const member = await say('silent', 'm-1')
    const shelved = await say('load', 'f-2')
    await alarms.act(shelved, { type: 'shelve', until: alarms.now + 60_000 })
    start()
    const field = await reader()
    await shows(field, [`${rootAlarmId} B`, `${member} B`, `${shelved} G`])
    assert.ok(field.of(shelved)!.shelved_until)
    await alarms.act(member, { type: 'explain', rootAlarmId })
    await shows(field, [`${rootAlarmId} B`, `${shelved} G`])
    await waitUntil('the count', () => field.of(rootAlarmId)!.members === 1)
    const another = await say('outage', 'sw-2')
    await alarms.act(member, { type: 'explain', rootAlarmId: another })
    await waitUntil('the count there', () => field.of(another)?.members === 1 && field.of(rootAlarmId)!.members === 0)
    await alarms.act(member, { type: 'explain', rootAlarmId: null })
    await waitUntil('no count', () => field.of(another)!.members === 0)
  })

  it('are set again when the embedded broker, which forgets them, comes back', async () => {
    const first = await say('load', 'f-1')
    start()
    await shows(await reader(), [`${first} B`])
    await stopBroker()
    const second = await say('load', 'f-2')
    await startBroker()
    await shows(await reader(), [`${first} B`, `${second} B`])
    assert.ok(faults.length > 0)
  })

  it('are emptied of what is stale, whoever left it there', async () => {
    const standing = await say('load', 'f-1')
    const dispatcher = await connectAsync(url(), { username: 'dispatcher', password: passwords.dispatcher })
    for (const topic of [`grid/alarms/${standing}`, 'grid/alarms/987654', 'grid/alarms/forged'])
      await dispatcher.publishAsync(topic, 'stale', { qos: 1, retain: true })
    await dispatcher.endAsync()
    const field = await reader()
    await shows(
      field,
      [`${standing} stale`, '987654 stale', 'forged stale'].toSorted(
        (a, b) => Number(a.split(' ')[0]) - Number(b.split(' ')[0]),
      ),
    )
    start()
    await shows(field, [`${standing} B`])
  })

  it('are what the database has, however many keep them and whatever happens meanwhile', async () => {
    start('n-1')
    start('n-1')
    start('n-2')
    const field = await reader()
    for (let round = 0; round < 6; round++) {
      if (round === 3) {
        await stopBroker()
        await startBroker()
      }
      for (let n = 0; n < 10; n++) {
        if ((round * 7 + n * 3) % 4 === 0) await say('load', `g-${n}`, { state: 'normal' })
        else await say('load', `g-${n}`)
      }
    }
    await field.close()
    readers = []
    const wanted = (await alarms.listing())
      .filter(({ state }) => state !== 'A')
      .map(({ alarmId, state }) => `${alarmId} ${state}`)
    assert.ok(wanted.length > 3)
    await shows(await reader(), wanted)
  })

  it('tell of thousands', async () => {
    const many = Array.from({ length: 2_000 }, (_, n) => said('many', `m-${n}`, { at: alarms.now }))
    await alarms.keeper.take(many)
    start()
    const field = await reader()
    await waitUntil('2,000', () => field.size === 2_000)
    await alarms.keeper.take(many.map((one) => ({ ...one, state: 'normal' as const, at: alarms.now })))
    const changes = (await alarms.listing())
      .filter(({ state }) => state === 'D')
      .map(({ alarmId, occurrence }) => ({ alarmId, event: { type: 'acknowledge' as const, occurrence }, by: null }))
    await alarms.database.transaction((client) => changeAlarms(client, changes, alarms.table, alarms.now))
    await shows(field, [])
  })

  it('are left alone, and Catch is told, where the user may not', async () => {
    await say('load', 'f-1')
    const field = await reader()
    start('n-3', 'flows')
    await waitUntil('the fault', () =>
      faults.some((fault) => /has its user the right of the dispatcher\?$/.test(fault)),
    )
    assert.deepEqual(field.standing, [])
  })
})
