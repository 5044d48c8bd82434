import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { conditionKinds } from '../wire/condition-kinds.ts'
import { conditionText } from '../wire/condition-text.ts'
import { Condition } from '../wire/condition.ts'
import { brokerLost, databaseWasLost, diskNearlyFull, platformNormal } from './platform-conditions.ts'

describe('conditions of the platform', () => {
  const check = new Ajv().compile(Condition)
  /** Tuesday, 10 March 2026, 09:00 in São Paulo. */
  const at = Date.UTC(2026, 2, 10, 12)
  const text = (condition: Condition, language: 'en' | 'pt' = 'en') =>
    conditionText(condition, language, 'America/Sao_Paulo')
  const disk = (available: number, was: boolean) => diskNearlyFull('DATA_DIR', { total: 200e9, available }, was, at)

  const examples = [
    [
      brokerLost({ sinceAt: at, detail: 'refused' }),
      'No connection to the MQTT broker since Tuesday 09:00: refused',
      'Connected to the MQTT broker',
    ],
    [
      databaseWasLost({ sinceAt: at, detail: 'refused' }, at + 90_000)[0]!,
      'The database is not there since Tuesday 09:00: refused',
      'The database is there, nothing was stored for 1.5 min',
    ],
    [
      disk(20e9, false)!,
      'The disk of DATA_DIR is 90 % full, 20 GB are left',
      'The disk of DATA_DIR has room again (90 % full)',
    ],
  ] as const

  for (const [condition, begun, ended] of examples)
    it(`${condition.key}: ${begun}`, () => {
      const normal = platformNormal(condition, at + 90_000)
      for (const each of [condition, normal]) assert.ok(check(each), JSON.stringify(check.errors))
      assert.deepEqual([text(condition), text(normal)], [begun, ended])
      assert.doesNotMatch(text(condition, 'pt') + text(normal, 'pt'), /[{}[\]]|platform\./)
    })

  it('are of every kind', () =>
    assert.deepEqual(examples.map(([{ kind }]) => kind).toSorted(), [...conditionKinds.platform].toSorted()))

  it('say of the database that it was lost and that it is back, in this order, though in no time', () => {
    const [lost, back] = databaseWasLost({ sinceAt: at, detail: '' }, at)
    assert.deepEqual([lost!.state, back!.state, back!.at - lost!.at], ['active', 'normal', 1])
  })

  it('call a disk nearly full from 85 % on, until it is below 83 %', () => {
    const isFull = (usedPct: number, was: boolean) => disk(200e9 * (1 - usedPct / 100), was) !== undefined
    assert.deepEqual(
      [isFull(84.9, false), isFull(85.1, false), isFull(83.1, true), isFull(82.9, true)],
      [...[false, true, true, false]],
    )
  })
})
