import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { line, source } from '../../../platform/network/model/network.fixture.ts'
import { freshForMs } from '../interlocks/freshness.ts'
import { field, report, twoSources } from '../interlocks/surroundings.fixture.ts'
import type { SwitchReport } from '../interlocks/surroundings.ts'
import { tuesday } from '../interlocks/switching.fixture.ts'
import { notConfirmed } from './reclose-confirmed.ts'

describe('reclosing that is blocked, before somebody works on a live line', () => {
  const open = (
    sections: readonly string[],
    told: Readonly<Record<string, Partial<SwitchReport>>>,
    rest: Parameters<typeof field>[0] = {},
  ) => {
    const reports = new Map(Object.entries(told).map(([id, of]) => [id, report(of)]))
    return notConfirmed(sections, field({ reports, ...rest })).map(({ en }) => en)
  }
  const blocked = { recloseBlocked: true }

  it('is confirmed by all that recloses on the way, just now', () => {
    assert.deepEqual(open(['a3'], { 'sw-a': blocked }), [])
    const why = ['sw-a has not confirmed just now that its reclosing is blocked']
    assert.deepEqual(open(['a3'], {}), why)
    for (const told of [
      { recloseBlocked: false },
      { ...blocked, at: tuesday - freshForMs - 1 },
      { ...blocked, quality: 'questionable' },
    ] as const)
      assert.deepEqual(open(['a3'], { 'sw-a': told }), why)
  })
  it('also by what only says of itself that it recloses', () => {
    assert.deepEqual(open(['a3'], { 'sw-a': blocked, 'src-a': { recloseBlocked: false } }), [
      'src-a has not confirmed just now that its reclosing is blocked',
    ])
  })
  it('what hangs behind the section, or elsewhere, does not matter', () => {
    const told = { 'sw-a': blocked, 'fu-a': { recloseBlocked: false }, 'sw-b': { recloseBlocked: false } }
    assert.deepEqual(open(['a2'], told), [])
  })
  it('something must have said so', () => {
    assert.deepEqual(open(['b2'], {}), [
      'nothing that feeds it has confirmed that its reclosing is blocked: src-b, sw-b',
    ])
    assert.deepEqual(open(['b2'], { 'sw-b': blocked }), [])
  })
  it('in a ring both ways count', () => {
    const network = {
      sources: [source('s', 'a')],
      switches: [
        { ...line('one', 'a-b'), recloses: true },
        { ...line('other', 'a-b'), recloses: true },
        line('on', 'b-c'),
      ],
    }
    assert.deepEqual(open(['c'], { one: blocked }, { network }), [
      'other has not confirmed just now that its reclosing is blocked',
    ])
    assert.deepEqual(open(['c'], { one: blocked, other: blocked }, { network }), [])
  })
  it('a dead section takes a work permit', () => {
    assert.deepEqual(open(['a2'], { 'sw-a': blocked }, { network: twoSources, closed: { 'sw-a': '' } }), [
      'a2 has no supply: that takes a work permit',
    ])
  })
})
