import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installation } from '../runtime/installation.ts'
import { allConditionKinds } from '../wire/condition-kinds.ts'

describe('the catalogue of conditions', () => {
  const page = readFileSync(join(installation, 'docs/conditions.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z]+\/[a-z-]+)` .*$/gm)] as const

  it('stand on the page of conditions, each once and no other', () =>
    assert.deepEqual(rows.map(([, kind]) => String(kind)).toSorted(), [...allConditionKinds].toSorted()))

  for (const [row, kind] of rows)
    it(`${kind} says at what, when it holds, when it ends, and its value`, () => {
      const cells = row.split('|').slice(1, -1)
      assert.deepEqual([cells.length, cells.filter((cell) => cell.trim() === '')], [5, []])
    })
})
