import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { protectedUnit } from './protected-unit.ts'
import { field, intended, said, unit } from './surroundings.fixture.ts'

describe('a unit on whose supply a life or safety hangs', () => {
  const units = [unit({ isProtected: true }), unit({ unitId: 'u-2' })]
  const disconnect = (args: Record<string, string>) =>
    said(protectedUnit, intended('disconnect', 'm-1', args), field({ units }))

  it('is not disconnected, and the refusal does not say what hangs on it', () => {
    const why = ['unit u-1 is protected: it is not disconnected from afar']
    for (const args of [{ reason: 'non_payment' }, { reason: 'request' }, {}] as Record<string, string>[])
      assert.deepEqual(disconnect(args), why)
  })
  it('danger goes before', () => assert.deepEqual(disconnect({ reason: 'safety' }), []))
  it('is connected as any other', () =>
    assert.deepEqual(said(protectedUnit, intended('connect', 'm-1'), field({ units })), []))
})
