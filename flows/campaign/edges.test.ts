import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { commandPhases } from '../../platform/wire/command.ts'
import { edges, isAt } from './edges.ts'
import { moments } from './line.ts'

describe('edges of a command’s life', () => {
  it('are each met at one moment of one kind of message, and no two at the same', () => {
    const seen = [
      ...commandPhases.flatMap((phase) => moments.map((moment) => ({ moment, kind: 'command' as const, phase }))),
      ...moments.map((moment) => ({ moment, kind: 'answer' as const, phase: undefined })),
    ]
    const met = seen.map(({ moment, kind, phase }) => edges.filter((edge) => isAt(edge, moment, kind, phase)))
    assert.ok(met.every((at) => at.length <= 1))
    assert.deepEqual(met.flat().length, edges.length)
    assert.equal(new Set(edges.map(({ name }) => name)).size, edges.length)
  })
})
