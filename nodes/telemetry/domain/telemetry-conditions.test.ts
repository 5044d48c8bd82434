import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { conditionKinds } from '../../../platform/wire/condition-kinds.ts'
import { conditionText } from '../../../platform/wire/condition-text.ts'
import { Condition } from '../../../platform/wire/condition.ts'
import {
  behind,
  consumerSubject,
  flood,
  offline,
  overload,
  silent,
  skewed,
  stuck,
  telemetryNormal,
} from './telemetry-conditions.ts'

describe('conditions of telemetry', () => {
  const check = new Ajv().compile(Condition)
  /** Tuesday, 10 March 2026, 09:00 in São Paulo. */
  const at = Date.UTC(2026, 2, 10, 12)
  const place = { deviceId: 'm-1', feederId: 'F1', unitId: 'u-1' }
  const intake = { device: place, reason: 'bad_value', count: 120, limit: 100, windowMs: 600_000, sinceAt: at }
  const text = (condition: Condition, language: 'en' | 'pt' = 'en') =>
    conditionText(condition, language, 'America/Sao_Paulo')

  const examples = [
    [
      silent({ ...place, receivedAt: at, usualMs: 60_000, allowedMs: 300_000 }, at + 330_000),
      'm-1: nothing received since Tuesday 09:00, it is seldom silent for more than 1 min',
    ],
    [
      silent({ ...place, receivedAt: at, usualMs: null, allowedMs: 3_600_000 }, at + 3_700_000),
      'm-1: nothing received since Tuesday 09:00',
    ],
    [offline({ ...place, offlineAt: at }), 'm-1 is offline since Tuesday 09:00, by its own word or the broker’s'],
    [
      stuck({ ...place, sinceAt: at, measures: { va_v: 127.3, ia_a: 2.5 } }),
      'm-1: va_v, ia_a exactly the same since Tuesday 09:00 (127.3)',
    ],
    [stuck({ ...place, sinceAt: at, measures: { ia_a: 2.5 } }), 'm-1: ia_a exactly the same since Tuesday 09:00'],
    [flood(intake), 'm-1: 120 messages into quarantine within 10 min, most of them for bad_value'],
    [
      flood({ ...intake, device: null, reason: 'bad_json' }),
      'Unregistered devices: 120 messages into quarantine within 10 min for bad_json',
    ],
    [
      skewed({ ...intake, reason: 'too_old' }),
      'm-1: 120 messages within 10 min with instants that cannot be (too_old)',
    ],
    [
      behind({ name: 'voltage quality n1', behindMs: 420_000, limitMs: 300_000, batches: 9, sinceAt: at }),
      'voltage quality n1 is 7 min behind what is stored (9 commits)',
    ],
    [
      overload({ feederId: 'F1', loadKw: 130, limitKw: 100, sinceAt: at }),
      'Feeder F1 carries 130 kW, its limit is 100 kW',
    ],
  ] as const

  for (const [condition, expected] of examples)
    it(`${condition.key}: ${expected}`, () => {
      assert.ok(check(condition), JSON.stringify(check.errors))
      assert.equal(text(condition), expected)
      assert.doesNotMatch(text(condition, 'pt'), /[{}[\]]/)
      const normal = telemetryNormal(condition, at + 1)
      assert.ok(check(normal), JSON.stringify(check.errors))
      assert.deepEqual([normal.key, normal.state, normal.at], [condition.key, 'normal', at + 1])
      assert.doesNotMatch(text(normal) + text(normal, 'pt'), /[{}[\]]|telemetry\./)
    })

  it('are of every kind', () =>
    assert.deepEqual(
      [...new Set(examples.map(([{ kind }]) => kind))].toSorted(),
      [...conditionKinds.telemetry].toSorted(),
    ))

  it('name the unit and the feeder of a device', () => {
    const { deviceId, unitId, feederId } = offline({ ...place, offlineAt: at })
    assert.deepEqual({ deviceId, unitId, feederId }, place)
  })

  it('have a consumer as an identifier', () =>
    assert.equal(consumerSubject('voltage quality (n1)'), 'voltage-quality-n1-'))
})
