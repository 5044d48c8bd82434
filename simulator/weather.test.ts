import assert from 'node:assert/strict'
import fc from 'fast-check'
import { weatherKinds, weatherUnder } from './weather.ts'

const wandering = fc.double({ min: -3, max: 3, noNaN: true })
const under = (cloudiness: number, kind: (typeof weatherKinds)[number], storm = 0) =>
  weatherUnder({ cloudiness, warmth: 0 }, kind, storm).cloudiness

describe('the weather of a scenario', () => {
  it('is clearer or cloudier than chance alone would have it (property)', () => {
    fc.assert(
      fc.property(wandering, wandering, (one, other) => {
        // adding zero turns −0 into 0
        assert.equal(under(one, 'changing'), one + 0)
        assert.ok(under(one, 'clear') < under(other, 'passing_clouds'))
        assert.ok(under(one, 'passing_clouds') < under(other, 'cloudy'))
      }),
    )
  })

  it('is covered and cool in a storm, whatever it was before', () => {
    for (const kind of weatherKinds) {
      assert.equal(under(1, kind, 1), 6)
      assert.ok(weatherUnder({ cloudiness: 0, warmth: 0 }, kind, 1).warmth < -2)
    }
  })
})
