import assert from 'node:assert/strict'
import fc from 'fast-check'
import { countWindows } from './window-counts.ts'

const band = fc.constantFrom('adequate', 'precarious', 'critical', null)
const window = fc.record({
  bands: fc.tuple(band, band, band),
  reason: fc.option(fc.constantFrom('interruption', 'vtcd', 'coverage'), { nil: null }),
})

describe('windows, counted', () => {
  it('are in the worst band of their phases, or invalid by their reason', () => {
    assert.deepEqual(
      countWindows([
        { bands: ['adequate', 'adequate', 'adequate'], reason: null },
        { bands: ['adequate', 'critical', 'precarious'], reason: null },
        { bands: ['precarious', null, null], reason: null },
        { bands: ['critical', null, null], reason: 'interruption' },
        { bands: ['adequate', null, null], reason: 'coverage' },
        { bands: ['adequate', null, null], reason: 'coverage' },
      ]),
      {
        ...{ windows: 6, valid: 3, adequate: 1, precarious: 1, critical: 1 },
        ...{ interruption: 1, vtcd: 0, coverage: 2 },
      },
    )
  })

  it('are counted once each (property)', () => {
    fc.assert(
      fc.property(fc.array(window), (windows) => {
        const { valid, adequate, precarious, critical, interruption, vtcd, coverage } = countWindows(windows)
        assert.equal(valid, adequate + precarious + critical)
        assert.equal(valid + interruption + vtcd + coverage, windows.length)
      }),
    )
  })
})
