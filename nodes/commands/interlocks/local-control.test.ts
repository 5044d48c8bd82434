import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { commandTypes } from '../../../platform/wire/command.ts'
import { localControl } from './local-control.ts'
import { field, intended, report, said } from './surroundings.fixture.ts'
import { tuesday } from './switching.fixture.ts'

describe('a device in local', () => {
  const reports = new Map([['sw-a', report({ mode: 'local', at: tuesday - 90 * 86_400_000 })]])

  it('is asked and not commanded, however long ago it said so', () => {
    const allowed = commandTypes.filter(
      (type) => said(localControl, intended(type, 'sw-a'), field({ reports })).length === 0,
    )
    assert.deepEqual(allowed, ['read_now'])
  })
  it('another one, or one in remote, is commanded', () => {
    assert.deepEqual(said(localControl, intended('open', 'sw-b'), field({ reports })), [])
    assert.deepEqual(
      said(localControl, intended('open', 'sw-b'), field({ reports: new Map([['sw-b', report()]]) })),
      [],
    )
  })
})
