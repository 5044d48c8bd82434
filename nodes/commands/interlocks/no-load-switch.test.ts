import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { freshForMs } from './freshness.ts'
import { noLoadSwitch } from './no-load-switch.ts'
import { field, intended, report, said } from './surroundings.fixture.ts'
import type { SwitchReport } from './surroundings.ts'
import { tuesday } from './switching.fixture.ts'

describe('opening a switch that breaks no load', () => {
  const open = (told: Partial<SwitchReport> | undefined, closed = {}, type: 'open' | 'trip' = 'open') =>
    said(
      noLoadSwitch,
      intended(type, 'fu-a'),
      field({ closed, ...(told && { reports: new Map([['fu-a', report(told)]]) }) }),
    )

  it('is forbidden while current flows, and says how much', () => {
    assert.deepEqual(open({ currentsA: [0.2, 84.5, 0] }), ['fu-a must not be opened under load: 84.5 A flow'])
    assert.equal(open({ currentsA: [0, 0, 0.6] }, {}, 'trip').length, 1)
  })
  it('is forbidden while its current is not known in every phase', () => {
    const unknown = ['fu-a must not be opened under load: its current is not known to be nil']
    assert.deepEqual(open(undefined), unknown)
    assert.deepEqual(open({ currentsA: [0, null, 0] }), unknown)
    assert.deepEqual(open({ currentsA: [0, 0, 0], at: tuesday - freshForMs - 1 }), unknown)
    assert.deepEqual(open({ currentsA: [0, 0, 0], quality: 'questionable' }), unknown)
  })
  it('may be done without current, without supply, and where it is open', () => {
    assert.deepEqual(open({ currentsA: [0, 0.5, 0.1] }), [])
    assert.deepEqual(open(undefined, { 'sw-a': '' }), [])
    assert.deepEqual(open({ position: 'open' }), [])
  })
  it('one that breaks load may be opened under it', () => {
    const reports = new Map([['sw-a', report({ currentsA: [90, 90, 90] })]])
    assert.deepEqual(said(noLoadSwitch, intended('open', 'sw-a'), field({ reports })), [])
  })
})
