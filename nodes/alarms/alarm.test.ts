import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { consumerStates } from '../../platform/http/health.ts'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import alarm from './alarm.ts'
import { said } from './alarms.fixture.ts'
import type { AlarmTransitions } from './messages.ts'

describe('alarm', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let flow: TestFlow
  afterEach(() => flow.stop())

  const run = async (more: object = {}): Promise<void> => {
    const { host, port, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, alarm],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        { id: 'alarm', type: 'linhaviva-alarm', database: 'db', wires: [['transitions']], ...more },
        { id: 'transitions', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }
  const transitions = () =>
    (flow.received('transitions') as unknown as AlarmTransitions[]).flatMap(({ payload }) => payload)

  it('sends what became of the conditions that it takes', async () => {
    await run()
    // At its first start it sends what comes from then on.
    await waitUntil('the sender to have its place', () =>
      consumerStates().some(([name, { lastSuccessAt }]) => name === 'alarm alarm' && lastSuccessAt !== null),
    )
    flow.send('alarm', { payload: said('outage', 'sw-1', { feederId: 'f-1', value: 3, unit: 'units' }) })
    const [first] = await waitUntil('a transition', () => transitions().length > 0 && transitions())
    assert.deepEqual(
      [first!.key, first!.transition, first!.from, first!.to, first!.feederId, first!.value, first!.unit],
      ['test/outage/sw-1', 'activated', 'A', 'B', 'f-1', 3, 'units'],
    )
    await flow.showed('alarm', 'alarm.status.standing')
  })

  it('tells Catch the field and the value of a payload that is no condition', async () => {
    await run()
    flow.send('alarm', { payload: [said('outage', 'sw-2'), { ...said('outage', 'sw-3'), priority: 'urgent' }] })
    const [error] = await waitUntil('an error', () => flow.errors().length > 0 && flow.errors())
    assert.match(error!, /payload\[1\]\.priority is "urgent": it takes low, medium, high, critical$/)
  })

  const hot = {
    ...{ name: 'panel-hot', kind: 'panel', textEn: 'Hot panel' },
    when: { type: 'limit', measure: 'temperature_celsius', levels: [{ level: 'H', setPoint: 75 }], deadband: 5 },
  }
  const panel = (minute: number, celsius: number) => ({
    payload: [
      {
        ...{ deviceId: 'panel-1', kind: 'panel', at: Date.UTC(2026, 2, 10, 12, minute), quality: 'good' },
        values: { temperature_celsius: celsius },
      },
    ],
  })
  const ofRules = () =>
    transitions()
      .filter(({ area }) => area === 'rules')
      .map(({ key, transition, at }) => `${key} ${transition} ${(at - Date.UTC(2026, 2, 10, 12)) / 60_000}`)

  it('judges readings on the wire by its rules, remembers what holds over a restart, and takes it back with the rule', async () => {
    await run({ source: 'wire', rules: [hot] })
    flow.send('alarm', panel(0, 78))
    await waitUntil('the alarm', () => ofRules().length === 1)
    assert.deepEqual(ofRules(), ['rules/panel-hot/panel-1 activated 0'])
    await flow.stop()
    await run({ source: 'wire', rules: [hot] })
    flow.send('alarm', panel(1, 72))
    flow.send('alarm', panel(2, 70))
    await waitUntil('the return', () => ofRules().some((line) => line.includes('returned')))
    assert.equal(ofRules().at(-1), 'rules/panel-hot/panel-1 returned 2')
    flow.send('alarm', panel(3, 79))
    await waitUntil('the alarm again', () => ofRules().some((line) => line.includes('activated 3')))
    await flow.stop()
    await run({ source: 'wire', rules: [] })
    await waitUntil('what is taken back', () => ofRules().some((line) => line.includes('returned')))
  })

  it('names the rule and the field of a configuration that is wrong', async () => {
    await run({ rules: [{ ...hot, onDelayS: -5 }] })
    await flow.showed('alarm', /rule "panel-hot": onDelayS is -5/)
  })

  it('tells Catch that readings are none, or that rules do not judge what comes to the node', async () => {
    await run({ source: 'wire', rules: [hot] })
    flow.send('alarm', { payload: [{ ...panel(0, 1).payload[0], at: 'noon' }] })
    await waitUntil('an error', () => flow.errors().length === 1)
    await flow.stop()
    await run({ source: 'stored' })
    flow.send('alarm', panel(0, 1))
    await waitUntil('an error', () => flow.errors().length > 0)
    assert.match(flow.errors()[0]!, /rules of this node judge what is stored/)
  })
})
