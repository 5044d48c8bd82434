import assert from 'node:assert/strict'
import { cellTemperatures } from './cell-temperature.ts'
import { sample } from './plant.fixture.ts'

const temperatures = (...shown: (number | null)[]) =>
  cellTemperatures(new Map(shown.map((temperatureC, n) => [`p-${n}`, sample({ temperatureC })])))

describe('temperature of the cells', () => {
  it('is that of the own module, also where it is much hotter than its neighbours', () => {
    assert.equal(temperatures(72, 48, 50, 49)('p-0'), 72)
  })

  for (const [what, shown] of [
    ['has no sensor', null],
    ['has one that shows what no module can be', 180],
    ['has one that is frozen in the morning', 12],
  ] as const)
    it(`is that of the others where a module ${what}`, () =>
      assert.equal(temperatures(shown, 48, 50, 49)('p-0')! >= 48, true))

  it('is the own one where nobody knows which sensor is at fault', () => {
    assert.equal(temperatures(12, 50)('p-0'), 12)
  })

  it('is not known where no sensor tells it', () => {
    assert.equal(temperatures(null, 200)('p-0'), null)
    assert.equal(temperatures(null, 50)('another'), 50)
  })
})
