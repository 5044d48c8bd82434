import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { field, intended, said, tag, unit } from './surroundings.fixture.ts'
import { unknownPlace } from './unknown-place.ts'

describe('a device whose place nobody knows', () => {
  it('is not opened or closed; it may be tripped and asked', () => {
    for (const type of ['open', 'close'] as const)
      assert.deepEqual(said(unknownPlace, intended(type, 'sw-x'), field()), [
        'sw-x is not in the network: nobody knows what it joins',
      ])
    for (const type of ['trip', 'block_reclose', 'reboot'] as const)
      assert.deepEqual(said(unknownPlace, intended(type, 'sw-x'), field()), [])
  })
  it('switches, sources and earth switches of the network have one', () => {
    for (const id of ['sw-a', 'src-a', 'es-a2'])
      assert.deepEqual(said(unknownPlace, intended('close', id), field()), [])
  })
  it('a meter of no unit disconnects nobody, unless for safety', () => {
    const of = (reason: string) => intended('disconnect', 'm-9', { reason })
    for (const reason of ['non_payment', 'request'])
      assert.deepEqual(said(unknownPlace, of(reason), field()), [
        'm-9 measures no unit that is known: nobody knows whom it supplies',
      ])
    assert.deepEqual(said(unknownPlace, of('safety'), field()), [])
    assert.deepEqual(
      said(unknownPlace, intended('disconnect', 'm-1', { reason: 'request' }), field({ units: [unit()] })),
      [],
    )
  })
  it('and connects nobody while a section is tagged somewhere', () => {
    assert.deepEqual(said(unknownPlace, intended('connect', 'm-9'), field()), [])
    const tags = [tag('work_permit', 'section', 'a2')]
    assert.equal(said(unknownPlace, intended('connect', 'm-9'), field({ tags })).length, 1)
  })
})
