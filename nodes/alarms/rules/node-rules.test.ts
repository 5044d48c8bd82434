import assert from 'node:assert/strict'
import { afterEach, before, describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { alarmsBegin, useAlarms } from '../alarms.fixture.ts'
import type { Rule } from '../domain/rules/rule.ts'
import { limit, reading, ruleOf } from '../domain/rules/rules.fixture.ts'
import { NodeRules, type RuleSource } from './node-rules.ts'
import { isInFlows } from './nodes-in-flows.ts'
import { buildMeters, storeReadings } from './read-field.fixture.ts'
import { newestReadings } from './reading-repository.ts'
import { rememberedDevices, storedDevices } from './remembered-devices.ts'
import { RuleIntake } from './rule-intake.ts'
import { ruleDefinitions } from './rule-repository.ts'
import { statesOf } from './state-repository.ts'
import { storeOutcome } from './store-outcome.ts'

describe('the rules of a node', function () {
  this.timeout(60_000)
  const test = useAlarms()
  const high = ruleOf(limit('H', 100, 10), { name: 'high' })
  const running: NodeRules[] = []
  const surroundings = () => ({ table: test.table, now: test.now, feederOf: () => 'f-1' })

  before(() => buildMeters(test.database, 3))
  afterEach(() => Promise.all(running.splice(0).map((rules) => rules.close(true))))

  const start = (source: RuleSource, rules: readonly Rule[]): NodeRules => {
    const made = new NodeRules(test.database, rules, {
      ...{ nodeId: 'node-1', source, clock: { now: () => test.now }, clockIsSet: () => true, isInFlows: () => true },
      registry: { ready: () => Promise.resolve(), find: () => undefined },
      ...{ table: () => Promise.resolve(test.table), tableNow: () => test.table },
      warn: () => undefined,
      report: (error) => assert.fail(String(error)),
    })
    running.push(made)
    return made
  }
  const standing = () => test.database.query(`select key from alarm where area = 'rules' and said_active`)

  it('judge the wire, stand in the master alarm table, and leave nothing behind when the node is removed', async () => {
    const rules = start('wire', [high])
    await rules.take([reading(alarmsBegin, { p_kw: 200 })])
    assert.equal((await standing()).length, 1)
    assert.deepEqual(
      (await ruleDefinitions(test.database)).map(({ scope }) => scope.kind),
      ['high'],
    )
    assert.equal((await storedDevices(test.database, [high])).size, 1)
    running.splice(0)
    await rules.close(true)
    assert.deepEqual([await standing(), await statesOf(test.database, ['high'])], [[], []])
  })

  it('remember what is stored by the newest readings up to a position, and by no later ones', async () => {
    await storeReadings(test.database, [{ device: 'm-1', at: alarmsBegin, kw: 50 }])
    await storeReadings(test.database, [{ device: 'm-1', at: alarmsBegin + 1, kw: 200 }])
    const { readings } = await newestReadings(test.database, 'meter', 1, 1, { after: 0, size: 10 }, () => 'f-1')
    assert.deepEqual(
      readings.map(({ values }) => values['p_kw']),
      [50],
    )
    const [then, now] = [
      await rememberedDevices(test.database, [high], 1, surroundings()),
      await rememberedDevices(test.database, [high], 2, surroundings()),
    ]
    assert.deepEqual([then.outcome.changes.length, now.outcome.changes.length], [0, 1])
  })

  it('take no more readings than are held, and nothing where the outcome cannot be stored', async () => {
    start('stored', [high])
    await waitUntil('the rule', async () => (await ruleDefinitions(test.database)).length === 1)
    const intake = new RuleIntake(test.database, [high], {
      ...{ nodeId: 'n', clock: { now: () => test.now }, clockIsSet: () => false, table: () => test.table },
      ...{ feederOf: () => undefined, report: () => undefined },
    })
    await assert.rejects(intake.take(Array(200_001).fill(reading(1, {}))), { name: 'TooManyReadings' })
    await intake.close()
    const unknown = {
      rule: 'unknown',
      deviceId: 'm-1',
      at: 1,
      state: { active: true, since: 1, held: 1, known: 1, histories: [] },
    }
    await assert.rejects(
      test.database.transaction((client) => storeOutcome(client, { changes: [], rows: [unknown] }, surroundings())),
    )
  })

  it('are nobody’s where their node is not in the flows, or it or its tab is switched off', () => {
    const nodes = [
      { id: 'a', z: 'on' },
      { id: 'b', z: 'on', d: true },
      { id: 'c', z: 'off' },
      { id: 'on' },
      { id: 'off', disabled: true },
    ]
    const RED = { nodes: { eachNode: (look: (node: object) => void) => nodes.forEach(look) } } as unknown as NodeAPI
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((id) => isInFlows(RED, id)),
      [true, false, false, false],
    )
  })
})
