import assert from 'node:assert/strict'
import fc from 'fast-check'
import { countWindows } from './window-counts.ts'
import { invalidReasons } from './windows.ts'

const band = fc.constantFrom('adequate', 'precarious', 'critical', null)
const window = fc.record(
  {
    bands: fc.tuple(band, band, band),
    invalid: fc.record({ reason: fc.constantFrom(...invalidReasons), evidence: fc.constant({}) }),
  },
  { requiredKeys: ['bands'] },
)

describe('windows, counted', () => {
  it('are in the worst band of their phases, or invalid by their reason', () => {
    assert.deepEqual(
      countWindows([
        { bands: ['adequate', 'adequate', 'adequate'] },
        { bands: ['adequate', 'critical', 'precarious'] },
        { bands: ['precarious', null, null] },
        { bands: ['critical', null, null], invalid: { reason: 'interruption', evidence: {} } },
        { bands: ['adequate', null, null], invalid: { reason: 'coverage', evidence: {} } },
        { bands: ['adequate', null, null], invalid: { reason: 'coverage', evidence: {} } },
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
