import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { operation } from '../../../platform/network/model/network.fixture.ts'
import { textOf } from '../../../platform/network/model/phases.ts'
import { mayBeClosed } from './positions.ts'
import { report } from './surroundings.fixture.ts'
import type { SwitchReport } from './surroundings.ts'

describe('how a switch may stand', () => {
  const stands = (
    operations: Parameters<typeof mayBeClosed>[0],
    told: Partial<SwitchReport> | undefined,
    beingClosed: readonly string[] = [],
  ) => {
    const phases = mayBeClosed(operations, new Map(told ? [['s', report(told)]] : []), beingClosed).get('s')
    return phases === undefined ? undefined : textOf(phases)
  }

  it('as the newest word says', () => {
    assert.equal(stands([operation('s', 1, 'A')], undefined), 'A')
    assert.equal(stands([operation('s', 1, 'A')], { at: 2, position: 'open' }), '')
    assert.equal(stands([operation('s', 1, 'A')], { at: 2 }), 'ABC')
    assert.equal(stands([operation('s', 3, '')], { at: 2 }), '')
  })
  it('of one instant the operation goes before the report', () => {
    assert.equal(stands([operation('s', 2, 'B')], { at: 2, position: 'open' }), 'B')
  })
  it('closed where it is on its way or doubts itself, whatever was said before', () => {
    for (const told of [{ position: 'intermediate' }, { position: 'open', quality: 'invalid' }] as const)
      assert.equal(stands([operation('s', 1, '')], { at: 2, ...told }), 'ABC')
  })
  it('closed where a command may close it yet', () => {
    assert.equal(stands([], { at: 2, position: 'open' }, ['s']), 'ABC')
  })
  it('of what nothing is known nothing is said', () => {
    assert.equal(stands([], undefined), undefined)
  })
})
