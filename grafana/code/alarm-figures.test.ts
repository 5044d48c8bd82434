import assert from 'node:assert/strict'
import { targets } from '../../nodes/alarms/domain/kpis/key-figures.ts'
import { verdictOf, type FigureName } from '../../nodes/alarms/domain/kpis/key-figures.ts'
import { figureSteps } from './alarm-figures.ts'
import { colours } from './thresholds.ts'

/** The colour that Grafana gives a value. */
function colourOf(name: FigureName, value: number): string {
  const { steps, below } = figureSteps(name)
  return steps.findLast(({ from }) => value >= from)?.colour ?? below
}

describe('colours of key figures', () => {
  for (const name of Object.keys(targets) as FigureName[])
    it(`${name} is green exactly where its target is met`, () => {
      const { good, most } = targets[name]
      for (const value of [good - 0.5, good, good + 0.5, most, most + 1, 2 * most + 5])
        assert.equal(colourOf(name, value) === colours.good, verdictOf(value, targets[name]) === 'met', String(value))
    })
})
