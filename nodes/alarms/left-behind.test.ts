import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { alarmsBegin, useAlarms } from './alarms.fixture.ts'
import { limit, reading, ruleOf } from './domain/rules/rules.fixture.ts'
import { takeBackLeftBehind } from './left-behind.ts'
import { channelCondition } from './notify/channel.ts'
import { runningChannels } from './notify/running-channels.ts'
import { NodeRules } from './rules/node-rules.ts'
import { buildMeters } from './rules/read-field.fixture.ts'
import { ruleDefinitions } from './rules/rule-repository.ts'

describe('what nodes left behind', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  let stopping: AbortController
  let events: EventEmitter
  /** Nodes that run. */
  let nodes: string[]
  let clockIsSet: boolean
  /** Comes before the table is read. */
  let meanwhile: () => void

  beforeEach(() => {
    stopping = new AbortController()
    events = new EventEmitter()
    nodes = []
    clockIsSet = true
    meanwhile = () => undefined
    const getNode = (id: string): object | null => (nodes.includes(id) ? { id } : null)
    takeBackLeftBehind(
      { events, nodes: { getNode } } as unknown as NodeAPI,
      alarms.database,
      {
        ...{ clock: { now: () => alarms.now }, clockIsSet: () => clockIsSet },
        masterTable() {
          meanwhile()
          return Promise.resolve(alarms.table)
        },
        conditions: (conditions) => alarms.keeper.take(conditions),
        report: (error) => assert.fail(String(error)),
      },
      stopping.signal,
    )
  })
  afterEach(() => {
    stopping.abort()
    runningChannels.clear()
    assert.equal(events.listenerCount('flows:started') + events.listenerCount('flows:stopping'), 0)
  })

  const standing = async (): Promise<string[]> =>
    (await alarms.database.query<{ key: string }>('select key from alarm where said_active order by key')).map(
      ({ key }) => key,
    )
  const rules = async (): Promise<string[]> =>
    (await ruleDefinitions(alarms.database)).map(({ scope }) => scope.kind as string)
  /** A node with a rule that holds at meter-1, and ends as where the process ends. */
  async function runNode(nodeId: string, name: string): Promise<void> {
    const made = new NodeRules(alarms.database, [ruleOf(limit('H', 100, 10), { name })], {
      ...{ nodeId, source: 'wire', clock: { now: () => alarms.now }, clockIsSet: () => true, isInFlows: () => true },
      registry: { ready: () => Promise.resolve(), find: () => undefined },
      ...{ table: () => Promise.resolve(alarms.table), tableNow: () => alarms.table, warn: () => undefined },
      report: (error) => assert.fail(String(error)),
    })
    await made.take([reading(alarmsBegin, { p_kw: 200 })])
    await made.close(false)
  }

  it('is taken back with the next start of the flows: rules with their alarms, but not those of nodes that run', async () => {
    await buildMeters(alarms.database, 1)
    await runNode('gone', 'left')
    await runNode('here', 'kept')
    assert.deepEqual(await standing(), ['rules/kept/meter-1', 'rules/left/meter-1'])
    nodes = ['here']
    events.emit('flows:started')
    await waitUntil('its end', async () => (await standing()).join() === 'rules/kept/meter-1')
    assert.deepEqual(await rules(), ['kept'])
  })

  it('waits for the time, and not for nodes that are being replaced', async () => {
    clockIsSet = false
    let stopped = false
    meanwhile = () => {
      assert.ok(clockIsSet)
      events.emit('flows:stopping')
      stopped = true
    }
    events.emit('flows:started')
    clockIsSet = true
    await waitUntil('the stop', () => stopped)
    meanwhile = () => undefined
    // Another look comes to its end after the first would have.
    await alarms.keeper.take([channelCondition('away', { waiting: 1, failedTries: 3, dead: 0, lastError: 'x' }, 1)])
    nodes = ['here']
    events.emit('flows:started')
    await waitUntil('its end', async () => !(await standing()).includes('alarms/notification-failed/away'))
    assert.deepEqual(await rules(), ['kept'])
  })

  it('is also that a channel does not get through', async () => {
    const failing = { waiting: 1, failedTries: 3, dead: 0, lastError: 'refused' }
    nodes = ['here']
    runningChannels.set('still', 'n-1')
    alarms.now += 1_000
    await alarms.keeper.take(['removed', 'still'].map((name) => channelCondition(name, failing, alarms.now)))
    alarms.now += 1_000
    events.emit('flows:started')
    await waitUntil('its end', async () => !(await standing()).includes('alarms/notification-failed/removed'))
    assert.ok((await standing()).includes('alarms/notification-failed/still'))
  })
})
