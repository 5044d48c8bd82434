import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { provideStandingConditions } from '../../platform/conditions/standing-conditions.ts'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { Condition } from '../../platform/wire/condition.ts'
import continuityIndicators from './continuity-indicators.ts'
import { indicatorChanges } from './indicators/indicator-log.ts'
import { seedConjunto, seedUnits } from './indicators/seeded-units.fixture.ts'
import { seedInterruptions } from './interruptions/seeded-interruptions.fixture.ts'
import type { ConjuntoIndicators, UnitIndicators } from './messages.ts'

const hourMs = 3_600_000
const march = Date.parse('2026-03-01T03:00:00Z')

describe('continuity indicators', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let flow: TestFlow

  before(async () => {
    platformClock.set({ at: march + 100 * hourMs, rate: 0 })
    const { database } = test
    await seedConjunto(database, 'c-1')
    await seedUnits(database, 'c-1', ['u-1', 'u-2'])
    await database.query(`insert into conjunto_limit values ('c-1', 2026, 800, 600)`)
    await database.query(`insert into unit_continuity_limit values ('u-1', '2026-01-01', 8, 5, 6, 8, 24, 'contract')`)
  })
  afterEach(() => flow.stop())
  after(() => platformClock.set(undefined))

  const run = async (settings: object, indicators: string[] = [], conditions: string[] = []): Promise<void> => {
    const { host, port, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, continuityIndicators],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        {
          ...{ id: 'keeper', type: 'linhaviva-continuity-indicators', database: 'db' },
          ...settings,
          wires: [indicators, conditions],
        },
        { id: 'indicators', type: 'helper', wires: [] },
        { id: 'conditions', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }
  const received = <Item>(node: string, topic: string): Item[] =>
    (flow.received(node) as unknown as { topic: string; payload: Item[] }[])
      .filter((message) => message.topic === topic)
      .flatMap(({ payload }) => payload)
  const newestState = (kind: string, subject: string): string | undefined =>
    received<Condition>('conditions', 'continuity/conditions').findLast(
      (condition) => condition.kind === kind && condition.subject === subject,
    )?.state

  it('sends months of units and conjuntos when they are written, and what passes a limit', async () => {
    await run({}, ['indicators'], ['conditions'])
    const times = { from: march + hourMs, until: march + 11 * hourMs }
    await seedInterruptions(test.database, [{ units: [{ unitId: 'u-1', ...times }] }])
    const unit = await waitUntil('the unit', () =>
      received<UnitIndicators>('indicators', 'continuity/units').find(({ unitId }) => unitId === 'u-1'),
    )
    assert.deepEqual([unit.month, unit.dicMs, unit.fic, unit.violated], ['2026-03', 10 * hourMs, 1, ['DIC', 'DMIC']])
    const conjunto = await waitUntil('the conjunto', () =>
      received<ConjuntoIndicators>('indicators', 'continuity/conjuntos').find(({ parcels }) => parcels['IND']),
    )
    assert.deepEqual([conjunto.units, conjunto.decHundredths, conjunto.fecHundredths], [2, 500, 50])
    await waitUntil('the condition', () => newestState('unit-limit', 'u-1') === 'active')
    await waitUntil('what holds', () => newestState('dec-limit', 'c-1') === 'normal')
    await flow.showed('keeper', 'continuity-indicators.status.left')
    assert.deepEqual(flow.errors(), [])
  })

  it('says when a conjunto has used the share of its limit that is set, and after a restart again', async () => {
    // Five hours of eight.
    await run({ limitUsedPct: '60' }, [], ['conditions'])
    const times = { from: march + 20 * hourMs, until: march + 21 * hourMs }
    await seedInterruptions(test.database, [{ units: [{ unitId: 'u-2', ...times }] }])
    await waitUntil('the condition', () => newestState('dec-limit', 'c-1') === 'active')
    assert.equal(newestState('fec-limit', 'c-1'), 'normal')
  })

  it('takes back in a new month what was said of the one before', async () => {
    await run({}, [], ['conditions'])
    platformClock.set({ at: march + 40 * 24 * hourMs, rate: 0 })
    await waitUntil('the new month', () => newestState('unit-limit', 'u-1') === 'normal')
    assert.deepEqual(flow.errors(), [])
  })

  it('takes back with its start what stands and holds no more, whether anything is written or not', async () => {
    const message = { message: 'continuity.unit-above-limit', parameters: { month: '2025-11', indicators: 'DIC' } }
    const standing: Condition = {
      ...{ key: 'continuity/unit-limit/u-2', area: 'continuity', kind: 'unit-limit', subject: 'u-2' },
      ...{ state: 'active', at: march, priority: 'medium', text: message },
    }
    const withdraw = provideStandingConditions(async (_queries, _area, kinds) =>
      kinds.includes('unit-limit') ? [standing] : [],
    )
    // What is written from here on is not waited for.
    const { newest } = (
      await test.database.query<{ newest: number }>('select max(changed)::float8 as newest from unit_continuity')
    )[0]!
    await test.database.query(
      `insert into consumer_cursor (log, consumer, position, updated_at)
       values ($1, 'continuity-indicators keeper', $2, to_timestamp(0))
       on conflict (log, consumer) do update set position = excluded.position`,
      [indicatorChanges.name, newest + 1e6],
    )
    try {
      await run({}, [], ['conditions'])
      await waitUntil('the word', () => newestState('unit-limit', 'u-2') === 'normal')
    } finally {
      withdraw()
      await test.database.query('delete from consumer_cursor where log = $1', [indicatorChanges.name])
    }
  })

  for (const value of [0, 101, '', 'much'])
    it(`refuses limitUsedPct ${JSON.stringify(value)}`, async () => {
      await run({ limitUsedPct: value })
      await flow.showed('keeper', `limitUsedPct is ${JSON.stringify(value)}: it takes a number from 1 to 100`)
    })
})
