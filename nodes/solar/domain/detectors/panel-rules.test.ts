import assert from 'node:assert/strict'
import { anomalyKinds } from './anomaly.ts'
import { judgePanel } from './judge-panel.ts'
import { judgeSite } from './judge-site.ts'
import { panelRules } from './panel-rules.ts'
import { plantOf, viewOf } from './site-days.fixture.ts'
import { emptyPanelState, emptySiteState } from './state.ts'

describe('the rules of a panel', () => {
  it('stand in the order in which one explains another, each kind once; a trip is of a site', () =>
    assert.deepEqual(
      panelRules.map(({ kind }) => kind).filter((kind) => kind !== 'hot_panel'),
      anomalyKinds.filter((kind) => kind !== 'inverter_trip' && kind !== 'hot_panel'),
    ))

  it('doubt a panel from the first slot that one of them holds', () => {
    const dead = viewOf({ power: 0 }, { powerW: 0, voltageV: 47, currentA: 0 })
    assert.equal(judgePanel(emptyPanelState, dead, null, false).isCondemned, true)
    assert.equal(judgePanel(emptyPanelState, viewOf(), null, false).isCondemned, false)
  })

  it('are not asked where the site explains what a panel shows', () => {
    const judged = judgePanel(emptyPanelState, viewOf({ power: 0 }, { powerW: 0 }), null, true)
    assert.deepEqual([judged.state.watches, judged.isCondemned], [{}, true])
  })
})

describe('the rules of a site', () => {
  it('explain its panels from the first slot on', () => {
    const views = plantOf(6).panels.map((panel) =>
      viewOf({ panel, isJudged: false, power: null }, { powerW: 0, voltageV: 47, currentA: 0 }),
    )
    const judged = judgeSite(emptySiteState, views, plantOf(6), 0)
    assert.deepEqual([judged.isExplained, judged.changes.length], [true, 0])
    const next = judgeSite({ ...emptySiteState, ...judged.state }, views, plantOf(6), 300_000)
    assert.deepEqual(
      next.changes.map(({ change, anomaly }) => [change, anomaly.kind, anomaly.panelId, anomaly.panelIds.length]),
      [['begun', 'inverter_trip', null, 6]],
    )
  })
})
