import assert from 'node:assert/strict'
import { readEnvironment } from '../../../platform/runtime/environment.ts'
import { pricesOf, solvingSettings } from './settings.ts'

describe('solving by the environment', () => {
  it('has its time-out and who solves what', () => {
    const env = { CONTROL_OPTIMIZER_TIMEOUT_MS: '900', CONTROL_OPTIMIZER_LARGE_FROM: '0' }
    assert.deepEqual(solvingSettings(readEnvironment(env)), { timeoutMs: 900, largeFrom: 0 })
  })

  it('has prices where the import has one; what is exported is then paid nothing unless it says', () => {
    assert.equal(pricesOf(readEnvironment({})), null)
    const bought = { CONTROL_IMPORT_PRICE_BRL_KWH: '0.82' }
    assert.deepEqual(pricesOf(readEnvironment(bought)), { importBrlPerKwh: 0.82, exportBrlPerKwh: 0 })
    const sold = { ...bought, CONTROL_EXPORT_PRICE_BRL_KWH: '0.3' }
    assert.deepEqual(pricesOf(readEnvironment(sold)), { importBrlPerKwh: 0.82, exportBrlPerKwh: 0.3 })
  })
})
