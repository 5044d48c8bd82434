import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { windowMs, windowStart } from './domain/windows.ts'
import { MeasuredField } from './measurement.fixture.ts'
import { runningForecasts } from './running-forecasts.ts'
import voltageQuality from './voltage-quality.ts'

describe('voltage quality', function () {
  this.timeout(60_000)
  const test = useDatabase()
  // A measurement that has run for an hour, of a meter that has said nothing.
  const start = windowStart(Date.now()) - 6 * windowMs
  let field: MeasuredField
  let id = 0
  let flow: TestFlow

  before(async () => {
    field = new MeasuredField(test, start)
    await field.addUnit('unit-1')
    id = await field.schedule('unit-1', start)
    await field.closeUntil(start)
  })
  afterEach(() => flow.stop())
  after(() => field.close())

  const run = async (settings: object, conditions: string[] = []): Promise<void> => {
    const { host, port, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, voltageQuality],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        {
          ...{ id: 'quality', type: 'linhaviva-voltage-quality', database: 'db', settleSeconds: 0 },
          ...settings,
          wires: [[], conditions],
        },
        { id: 'conditions', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }

  it('forecasts what is measured for the live stream, also where nothing is wired, and as an older release configured it', async () => {
    await run({})
    const { forecast, at } = await waitUntil('a forecast', () => runningForecasts.get(id))
    assert.deepEqual([forecast.valid, forecast.remaining, at > start], [0, 1_008, true])
    await flow.stop()
    assert.equal(runningForecasts.size, 0)
    assert.deepEqual(flow.errors(), [])
  })

  it('says on its second output what is so from the thresholds that are set', async () => {
    await run({ budgetUsedPct: 100, breakProbabilityPct: '1' }, ['conditions'])
    const [{ topic, payload }] = (await waitUntil(
      'conditions',
      () => flow.received('conditions').length > 0 && flow.received('conditions'),
    )) as [{ topic: string; payload: { key: string; state: string }[] }]
    assert.equal(topic, 'voltage/conditions')
    // Of a unit of which nothing is known, a limit breaks with more than 1 %, and less than 50.
    assert.deepEqual(
      payload.map(({ key, state }) => [key, state]),
      [
        ['voltage/drp-budget/unit-1', 'active'],
        ['voltage/drc-budget/unit-1', 'active'],
      ],
    )
  })

  for (const [setting, value, takes] of [
    ['budgetUsedPct', 0, '1 to 100'],
    ['budgetUsedPct', '', '1 to 100'],
    ['breakProbabilityPct', 101, '1 to 100'],
    ['breakProbabilityPct', 'often', '1 to 100'],
    ['settleSeconds', -1, '0 to 3600'],
    ['leastCoverage', 2, '0.1 to 1'],
  ] as const)
    it(`refuses ${setting} ${JSON.stringify(value)}`, async () => {
      await run({ [setting]: value })
      await flow.showed('quality', `${setting} is ${JSON.stringify(value)}: it takes a number from ${takes}`)
    })
})
