import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { edges } from './edges.ts'
import type { Passing } from './line.ts'
import { wellBehaved } from './misbehaviour.ts'
import { Witness } from './witness.ts'

const command = (phase: string, deviceId = 'sw-1'): Passing => ({
  ...{ kind: 'command', deviceId, repeated: false, retained: false },
  payload: Buffer.from(JSON.stringify({ command_id: 'c-1', phase })),
})
const answer: Passing = { ...command('x'), kind: 'answer', payload: Buffer.from('{}') }
const edge = (name: string) => edges.find((one) => one.name === name)!

describe('the witness on the line', () => {
  let met: number
  let witness: Witness
  beforeEach(() => {
    met = 0
    witness = new Witness(1, wellBehaved, new Set(['sw-1']))
  })

  it('writes down what is sent to devices of its campaign, once', () => {
    witness.watch('arrives', command('operate'))
    witness.watch('passed', command('operate'))
    witness.watch('arrives', answer)
    witness.watch('arrives', command('operate', 'other'))
    assert.deepEqual(
      witness.sent.map(({ deviceId, message }) => [deviceId, message.phase]),
      [['sw-1', 'operate']],
    )
  })

  it('says when the edge is met that is waited for, once', () => {
    witness.await(edge('query sent'), () => met++)
    assert.equal(witness.watch('passed', command('operate')), undefined)
    assert.equal(witness.watch('arrives', command('query')), undefined)
    assert.equal(met, 0)
    witness.watch('passed', command('query'))
    witness.watch('passed', command('query'))
    assert.equal(met, 1)
  })

  it('lets nothing pass beyond an edge that stands before it', () => {
    witness.await(edge('operate written, not sent'), () => met++)
    assert.equal(witness.watch('arrives', command('operate')), 'cut')
    witness.await(edge('answer taken, its confirmation lost'), () => met++)
    assert.equal(witness.watch('confirmed', answer), 'cut')
    witness.await(edge('answer heard'), () => met++)
    assert.equal(witness.watch('passed', answer), undefined)
    assert.equal(met, 3)
  })

  it('waits no longer when it is told so', () => {
    witness.await(edge('operate sent'), () => met++)
    witness.forget()
    witness.watch('passed', command('operate'))
    assert.equal(met, 0)
  })

  it('counts what it does, and knows which commands came late or twice', () => {
    const late = new Witness(
      1,
      { dropped: 0, duplicated: 0, delayed: 1, mostDelayMs: 10, unheard: 0 },
      new Set(['sw-1']),
    )
    assert.equal(late.fate(command('operate')).kind, 'delayed')
    assert.equal(late.fate(answer).kind, 'delayed')
    assert.equal(late.fate(command('operate', 'other')).kind, 'passed')
    assert.deepEqual([[...late.disturbed], [...late.fates]], [['c-1'], [['delayed', 2]]])
  })
})
