import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { reclosing } from './reclosing.ts'
import { field, intended, report, said } from './surroundings.fixture.ts'

describe('closing what closes again by itself', () => {
  const close = (id: string, recloseBlocked?: boolean | null, type: 'close' | 'open' = 'close') =>
    said(
      reclosing,
      intended(type, id),
      field(recloseBlocked === undefined ? {} : { reports: new Map([[id, report({ recloseBlocked })]]) }),
    )

  it('takes the word of the device that its reclosing is blocked', () => {
    const why = ['sw-a has not confirmed that its reclosing is blocked: block_reclose comes first']
    assert.deepEqual(close('sw-a', true), [])
    assert.deepEqual(close('sw-a', false), why)
    assert.deepEqual(close('sw-a', null), why, 'the registry knows that it recloses')
    assert.deepEqual(close('sw-a'), why)
  })
  it('also of one that the registry knows nothing of, once it has said that it can', () => {
    assert.deepEqual(close('sw-b', false), [
      'sw-b has not confirmed that its reclosing is blocked: block_reclose comes first',
    ])
    assert.deepEqual(close('sw-b', true), [])
    assert.deepEqual(close('sw-b', null), [])
    assert.deepEqual(close('sw-b'), [])
  })
  it('opening takes nothing', () => assert.deepEqual(close('sw-a', false, 'open'), []))
})
