import assert from 'node:assert/strict'
import fc from 'fast-check'
import { afterEach } from 'mocha'
import type { Queries } from '../storage/queries.ts'
import { conditionKey, type Condition } from '../wire/condition.ts'
import { SaidConditions } from './said-conditions.ts'
import { provideStandingConditions } from './standing-conditions.ts'

const condition = (subject: string, change: Partial<Condition> = {}): Condition => ({
  ...{ key: conditionKey<string>('solar', 'soiling', subject), area: 'solar', kind: 'soiling', subject },
  ...{ state: 'active', at: 1_000, priority: 'low', text: { message: 'solar.soiling', parameters: {} } },
  ...change,
})
const normalOf = (said: Condition, at: number): Condition => ({ ...said, state: 'normal', at })
const solar = () => new SaidConditions({ area: 'solar', kinds: ['soiling'], normalOf })
const shown = (conditions: readonly Condition[]) => conditions.map(({ subject, state, at }) => [subject, state, at])
const noQueries: Queries = { query: () => Promise.reject(new Error('nothing is asked')) }

describe('conditions that are said', () => {
  let withdraw = (): void => undefined
  afterEach(() => withdraw())
  const stands = (...standing: readonly Condition[]): void => {
    withdraw = provideStandingConditions(async () => standing)
  }

  it('are said once while they hold, and taken back when they do not', () => {
    const said = solar()
    assert.deepEqual(shown(said.changes([condition('P1')], 1_000)), [['P1', 'active', 1_000]])
    assert.deepEqual(said.changes([condition('P1')], 2_000), [])
    assert.deepEqual(shown(said.changes([], 3_000)), [['P1', 'normal', 3_000]])
    assert.deepEqual(said.changes([], 4_000), [])
  })

  it('are said again with another priority or message', () => {
    const said = solar()
    said.changes([condition('P1')], 1_000)
    assert.equal(said.changes([condition('P1', { priority: 'high' })], 2_000).length, 1)
    assert.equal(said.changes([condition('P1', { priority: 'high', value: 7 })], 3_000).length, 0)
  })

  it('are taken back where they ended while nothing ran, and not said again where they stand', async () => {
    stands(condition('P1'), condition('P2'))
    const said = solar()
    await said.recall(noQueries)
    assert.deepEqual(shown(said.changes([condition('P2'), condition('P3')], 5_000)), [
      ['P1', 'normal', 5_000],
      ['P3', 'active', 1_000],
    ])
  })

  it('are said again where they were lost on their way', async () => {
    const said = solar()
    said.changes([condition('P1')], 1_000)
    stands()
    await said.recall(noQueries)
    assert.deepEqual(shown(said.changes([condition('P1')], 2_000)), [['P1', 'active', 1_000]])
  })

  it('stay as they are where nobody keeps alarms', async () => {
    const said = solar()
    said.changes([condition('P1')], 1_000)
    await said.recall(noQueries)
    assert.deepEqual(said.changes([condition('P1')], 2_000), [])
  })

  it('are left alone where they were not looked at', () => {
    const said = solar()
    said.changes([condition('P1'), condition('P2')], 1_000)
    const changes = said.changes([], 2_000, ({ subject }) => subject === 'P2')
    assert.deepEqual(shown(changes), [['P2', 'normal', 2_000]])
    assert.deepEqual(
      [...said.said.values()].map(({ subject }) => subject),
      ['P1'],
    )
  })

  it('leave whoever keeps the newest of each with what holds, whatever held before (property)', () => {
    const rounds = fc.array(fc.uniqueArray(fc.constantFrom('P1', 'P2', 'P3', 'P4')))
    fc.assert(
      fc.property(rounds, (holding) => {
        const said = solar()
        const kept = new Map<string, Condition>()
        for (const [at, subjects] of holding.entries()) {
          for (const change of said.changes(
            subjects.map((subject) => condition(subject)),
            at,
          ))
            kept.set(change.key, change)
          const active = [...kept.values()].filter(({ state }) => state === 'active')
          assert.deepEqual(active.map(({ subject }) => subject).toSorted(), subjects.toSorted())
        }
      }),
    )
  })
})
