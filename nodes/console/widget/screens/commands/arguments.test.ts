import assert from 'node:assert/strict'
import { readArguments } from './arguments.ts'

const curtail = {
  args: {
    properties: {
      p_limit_kw: { type: 'number', minimum: 0, maximum: 1_000_000 },
      duration_s: { type: 'integer', minimum: 60, maximum: 86_400 },
    },
    required: ['p_limit_kw', 'duration_s'],
  },
}
const disconnect = {
  args: { properties: { reason: { type: 'string', enum: ['non_payment', 'safety'] } }, required: ['reason'] },
}

describe('arguments of a command, as they are typed', () => {
  it('are read with a decimal comma or point', () => {
    for (const typed of ['2,5', '2.5', ' 2.5 ']) {
      const { args, faults } = readArguments(curtail, { p_limit_kw: typed, duration_s: '900' })
      assert.deepEqual([args, faults.size], [{ p_limit_kw: 2.5, duration_s: 900 }, 0])
    }
  })

  for (const [typed, fault] of [
    [{ p_limit_kw: '', duration_s: '900' }, ['p_limit_kw', { kind: 'missing' }]],
    [{ p_limit_kw: '1.234,5', duration_s: '900' }, ['p_limit_kw', { kind: 'number' }]],
    [{ p_limit_kw: '1e3', duration_s: '900' }, ['p_limit_kw', { kind: 'number' }]],
    [{ p_limit_kw: 'five', duration_s: '900' }, ['p_limit_kw', { kind: 'number' }]],
    [{ p_limit_kw: '-0.1', duration_s: '900' }, ['p_limit_kw', { kind: 'least', bound: 0 }]],
    [{ p_limit_kw: '1', duration_s: '59' }, ['duration_s', { kind: 'least', bound: 60 }]],
    [{ p_limit_kw: '1', duration_s: '86401' }, ['duration_s', { kind: 'most', bound: 86_400 }]],
    [{ p_limit_kw: '1', duration_s: '60,5' }, ['duration_s', { kind: 'whole' }]],
  ] as const) {
    it(`are at fault: ${JSON.stringify(typed)}`, () => {
      const { args, faults } = readArguments(curtail, typed)
      assert.deepEqual([...faults], [fault])
      assert.ok(!(fault[0] in args))
    })
  }

  it('are one of the words where there is a choice', () => {
    assert.deepEqual(readArguments(disconnect, { reason: 'safety' }).args, { reason: 'safety' })
    assert.deepEqual([...readArguments(disconnect, { reason: 'spite' }).faults], [['reason', { kind: 'choice' }]])
    assert.deepEqual([...readArguments(disconnect, {}).faults], [['reason', { kind: 'missing' }]])
  })

  it('are none where the class takes none, whatever was typed for another one', () =>
    assert.deepEqual(readArguments({ args: {} }, { p_limit_kw: '5' }), { args: {}, faults: new Map() }))
})
