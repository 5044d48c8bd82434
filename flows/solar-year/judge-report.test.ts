import assert from 'node:assert/strict'
import { judgeReport } from './judge-report.ts'
import type { Judgement } from './judgement.ts'

const estimate = { value: 0.5, low: 0.25, high: 0.75 }
const judged: Judgement = {
  ...{ seeds: [11, 12], panelMonths: 1200 },
  kinds: [
    {
      ...{ kind: 'shading', episodes: 4, found: 2, missed: 2, wrong: 2, repeats: 1 },
      ...{ precision: estimate, recall: estimate, f1: estimate, delayHours: { median: 0.5, p90: 72 } },
    },
    {
      ...{ kind: 'soiling', episodes: 1, found: 0, missed: 1, wrong: 0, repeats: 0 },
      ...{ precision: null, recall: { value: 0, low: 0, high: 0 }, f1: null, delayHours: null },
    },
  ],
  falseAlarms: { count: 3, perPanelMonth: 0.0025, byName: { mismatch: 3 } },
  ...{ calledOtherwise: { shading: { mismatch: 1 } }, wronglyCalled: { shading: { soiling: 2 } } },
}

describe('the report of a judgement', () => {
  const lines = judgeReport(judged).split('\n')

  it('has a line a kind, with intervals and delays', () => {
    const shading = lines.find((line) => line.startsWith('shading'))!
    assert.match(shading, /^shading +4 +2 +2 +2 +0\.500 \(0\.25–0\.75\) .* 30 min +3\.0 d +1$/)
    assert.match(
      lines.find((line) => line.startsWith('soiling '))!,
      /– +0\.000 \(0\.00–0\.00\) +– +– +– +0$/,
    )
  })

  it('tells false alarms a panel and month, and what was called what', () => {
    assert.equal(lines[0], 'seeds 11, 12: 1200 panel-months')
    assert.ok(lines.includes('false alarms: 3, 0.0025 a panel and month: mismatch 3'))
    assert.ok(lines.includes('shading is also called: mismatch 1'))
    assert.ok(lines.includes('shading is called wrongly on: soiling 2'))
  })
})
