import assert from 'node:assert/strict'
import fc from 'fast-check'
import { derPower, generates, panelPowerW } from './signs.ts'

describe('signs', () => {
  it('of what only generates are turned', () => {
    assert.ok(generates('pv') && !generates('battery'))
    assert.deepEqual([derPower('pv', 3), derPower('battery', 3), panelPowerW(409.7)], [-3, 3, -409.7])
  })

  it('what generates nothing has 0, not −0', () => {
    assert.ok(Object.is(derPower('pv', 0), 0))
    assert.ok(Object.is(panelPowerW(0), 0))
  })

  it('only pv is turned, and twice turned is as it was (property)', () => {
    const power = fc.double({ noNaN: true, min: -1e5, max: 1e5 }).filter((kw) => kw !== 0)
    fc.assert(
      fc.property(power, (kw) => {
        assert.equal(derPower('pv', derPower('pv', kw)), kw)
        for (const type of ['battery', 'ev', 'wind', 'pvx', 'constructor']) assert.equal(derPower(type, kw), kw)
      }),
    )
  })
})
