import assert from 'node:assert/strict'
import { anyDefault } from './default-any.ts'
import { defaultDefinitions } from './default-table.ts'
import type { AlarmDefinition, AlarmScope } from './definition.ts'
import { explanationCycle } from './explanations.ts'

const entry = (kind: string | null, explainedBy: string[], scope: Partial<AlarmScope> = {}): AlarmDefinition => ({
  ...anyDefault,
  explainedBy,
  scope: { area: 'x', kind, feederId: null, subject: null, ...scope },
})

describe('kinds that explain each other', () => {
  it('are none in the table as it is shipped', () => assert.equal(explanationCycle(defaultDefinitions), undefined))

  it('are found, however long the way round is', () => {
    const circle = [entry('a', ['x/b']), entry('b', ['x/c']), entry('c', ['x/a']), entry('d', ['x/a'])]
    assert.deepEqual(explanationCycle(circle), ['x/a', 'x/b', 'x/c', 'x/a'])
    assert.equal(explanationCycle(circle.slice(1)), undefined)
  })

  it('are found where an entry of a whole area or of one feeder closes the circle', () => {
    assert.ok(explanationCycle([entry('a', ['y/b']), entry(null, ['x/a'], { area: 'y' })]))
    assert.ok(explanationCycle([entry('a', ['x/b']), entry('b', []), entry('b', ['x/a'], { feederId: 'f-1' })]))
  })

  it('are none where an entry of their own takes the place of the one of their area', () =>
    assert.equal(explanationCycle([entry(null, ['x/a']), entry('a', [])]), undefined))
})
