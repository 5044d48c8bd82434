import assert from 'node:assert/strict'
import { conditionText } from '../../../platform/wire/condition-text.ts'
import type { Forecast, LimitForecast } from './forecast.ts'
import { thresholdsFrom, voltageConditions, withdrawn, type Said } from './voltage-conditions.ts'

const unit = { unitId: 'unit-1', feederId: 'F1', measurementId: 4 }
// Tuesday noon in São Paulo.
const at = Date.UTC(2026, 10, 3, 15)
const hourMs = 3_600_000
const thursday = Date.UTC(2026, 10, 5, 22, 20)

const limit = (of: Partial<LimitForecast>): LimitForecast => ({
  ...{ used: 0, budget: 30, usedByPhase: [0], burnByTimeOfDay: [], probability: 0.1, brokenAt: null, expectedUsed: 0 },
  breaks: { medianAt: thursday, fromAt: thursday - 3 * hourMs, untilAt: thursday + 3 * hourMs },
  ...of,
})
const forecast = (drp: Partial<LimitForecast>, brl?: number): Forecast => ({
  ...{ valid: 300, remaining: 708, completeAt: at, drp: limit(drp), drc: limit({ budget: 5, probability: 0 }) },
  compensation:
    brl === undefined
      ? null
      : { amountBrl: brl, exactBrl: brl, formula: '', inputs: {}, rule: { validFrom: '', source: '' } },
})
const usualThresholds = thresholdsFrom({ usedPct: 80, probabilityPct: 50 })
const quiet: Said = { drp: 'voltage.limit-holds', drc: 'voltage.limit-holds' }
const said = (of: Forecast, before: Said = quiet) => voltageConditions(of, unit, before, usualThresholds, at)

describe('conditions of a forecast', () => {
  it('say that a limit will break, when, and what it costs', () => {
    const { conditions } = said(forecast({ used: 24, probability: 0.8 }, 41.5))
    assert.equal(conditions.length, 1)
    const [condition] = conditions
    assert.deepEqual(
      [condition!.key, condition!.state, condition!.priority, condition!.feederId, condition!.value, condition!.limit],
      ['voltage/drp-budget/unit-1', 'active', 'medium', 'F1', 24, 30],
    )
    assert.equal(
      conditionText(condition!, 'en', 'America/Sao_Paulo'),
      'DRP budget 80 % used, breaks on Thursday 19:20 ± 3 h (probability 80 %), R$ 42 expected',
    )
    assert.equal(
      conditionText(condition!, 'pt', 'America/Sao_Paulo'),
      'DRP: 80 % da margem usados, transgressão prevista: quinta-feira, 19:20 ± 3 h (probabilidade 80 %), R$ 42 esperados',
    )
  })

  it('leave money out where no charge is known', () =>
    assert.match(
      conditionText(said(forecast({ used: 24, probability: 0.8 })).conditions[0]!, 'en', 'UTC'),
      /\(probability 80 %\)$/,
    ))

  it('are said once', () => {
    const first = said(forecast({ used: 20, probability: 0.6 }))
    assert.equal(first.conditions.length, 1)
    assert.deepEqual(said(forecast({ used: 21, probability: 0.7 }), first.said).conditions, [])
  })

  it('clear below the dead band only', () => {
    const raised = said(forecast({ used: 10, probability: 0.5 })).said
    assert.equal(raised.drp, 'voltage.limit-at-risk')
    const between = said(forecast({ used: 10, probability: 0.4 }), raised)
    assert.deepEqual(between.conditions, [])
    const { conditions } = said(forecast({ used: 10, probability: 0.3 }), between.said)
    assert.deepEqual(
      conditions.map(({ state, text }) => [state, text.message]),
      [['normal', 'voltage.limit-holds']],
    )
  })

  it('warn of a budget that is nearly used, unless it cannot break any more', () => {
    assert.equal(said(forecast({ used: 24, probability: 0.2 })).said.drp, 'voltage.budget-used')
    assert.equal(said(forecast({ used: 24, probability: 0, breaks: null })).said.drp, 'voltage.limit-holds')
  })

  it('say that a limit is broken, and stay', () => {
    const broken = said(forecast({ used: 31, probability: 1, brokenAt: at, breaks: null }, 3))
    assert.deepEqual(
      broken.conditions.map(({ priority, state }) => [priority, state]),
      [['high', 'active']],
    )
    assert.deepEqual(
      said(forecast({ used: 40, probability: 1, brokenAt: at, breaks: null }, 9), broken.said).conditions,
      [],
    )
  })

  it('say all where nothing is remembered, what is normal too', () =>
    assert.deepEqual(
      said(forecast({ used: 24, probability: 0.8 }), {}).conditions.map(({ key, state }) => [key, state]),
      [
        ['voltage/drp-budget/unit-1', 'active'],
        ['voltage/drc-budget/unit-1', 'normal'],
      ],
    ))

  it('are taken back with a measurement that came to no end', () => {
    const { said: before } = said(forecast({ used: 24, probability: 0.8 }))
    assert.deepEqual(
      withdrawn(forecast({}), unit, before, at).map(({ key, state }) => [key, state]),
      [['voltage/drp-budget/unit-1', 'normal']],
    )
  })

  it('are raised from where one wants them, and clear 10 and 15 points below, or at half of what is low', () => {
    assert.deepEqual(thresholdsFrom({ usedPct: 80, probabilityPct: 50 }), {
      usedPct: { raise: 80, clear: 70 },
      probabilityPct: { raise: 50, clear: 35 },
    })
    assert.deepEqual(thresholdsFrom({ usedPct: 1, probabilityPct: 20 }), {
      usedPct: { raise: 1, clear: 0.5 },
      probabilityPct: { raise: 20, clear: 10 },
    })
    const early = thresholdsFrom({ usedPct: 30, probabilityPct: 5 })
    const messages = (of: Partial<LimitForecast>, before: Said): unknown[] =>
      voltageConditions(forecast(of), unit, before, early, at).conditions.map(({ text }) => text.message)
    assert.deepEqual(messages({ used: 9, probability: 0.04 }, quiet), ['voltage.budget-used'])
    assert.deepEqual(messages({ used: 0, probability: 0.05 }, quiet), ['voltage.limit-at-risk'])
    assert.deepEqual(messages({ used: 8, probability: 0.04 }, quiet), [])
    assert.deepEqual(messages({ used: 0, probability: 0.02 }, { ...quiet, drp: 'voltage.limit-at-risk' }), [
      'voltage.limit-holds',
    ])
  })
})
