import assert from 'node:assert/strict'
import { describeFault, Faults, ImportError } from './faults.ts'

function thrownBy(faults: Faults): ImportError {
  try {
    faults.check()
  } catch (error) {
    assert.ok(error instanceof ImportError)
    return error
  }
  assert.fail('nothing was thrown')
}

describe('a fault', () => {
  it('names file, line, column and value', () => {
    const fault = { file: 'devices.csv', line: 7, column: 'rated_kw', value: 'abc', problem: 'not a number' }
    assert.equal(describeFault(fault), 'devices.csv line 7: rated_kw is "abc", not a number')
  })

  it('may concern a whole line or a whole file', () => {
    assert.equal(describeFault({ file: 'a.csv', line: 2, problem: 'has 1 cell' }), 'a.csv line 2: has 1 cell')
    assert.equal(describeFault({ file: 'a.csv', problem: 'is empty' }), 'a.csv: is empty')
    assert.equal(
      describeFault({ file: 'a.csv', line: 2, column: 'x', problem: 'is empty' }),
      'a.csv line 2: x is empty',
    )
  })

  it('shows a value on one line and not without end', () => {
    const shown = describeFault({ file: 'a.csv', column: 'x', value: `\u001b[2J\n${'y'.repeat(1000)}`, problem: 'odd' })
    assert.ok(shown.length < 120 && !/[\n\u001b]/.test(shown), shown)
  })
})

describe('faults', () => {
  it('that were not found stop nothing', () => new Faults().check())

  it('are told in the order of lines, at most 100, with the count of the rest', () => {
    const faults = new Faults()
    for (let line = 250; line >= 1; line--) faults.add({ file: 'a.csv', line, problem: 'wrong' })
    const error = thrownBy(faults)
    assert.equal(error.count, 250)
    assert.equal(error.faults.length, 100)
    assert.equal(error.message.split('\n')[0], 'a.csv line 1: wrong')
    assert.equal(error.message.split('\n').at(-1), '… and 150 more')
  })

  it('are all counted, however many', () => {
    const faults = new Faults()
    for (let line = 1; line <= 50_000; line++) faults.add({ file: 'a.csv', line, problem: 'wrong' })
    assert.equal(thrownBy(faults).count, 50_000)
  })
})
