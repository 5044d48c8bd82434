import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { sha256Of } from '../../../platform/storage/canonical-json.ts'
import { ChainCheck, HashChain, type KeptLine } from './hash-chain.ts'

const kept = (subjects: readonly string[]): { lines: KeptLine[]; chain: HashChain } => {
  const chain = new HashChain()
  const lines = subjects.map((subject, index) => ({ row: index + 1, ...chain.add({ kind: 'unit', subject }) }))
  return { lines, chain }
}
const verified = (lines: readonly KeptLine[], chain: HashChain) => {
  const check = new ChainCheck()
  for (const line of lines) {
    const broken = check.check(line)
    if (broken) return broken
  }
  return check.end(chain)
}

describe('a chain of hashes', () => {
  it('is SHA-256 over the hash before, a line feed and the line', () => {
    const { lines } = kept(['a', 'b'])
    const first = sha256Of('\n{"kind":"unit","subject":"a"}')
    const key = { kind: 'unit', subject: 'a', amountBrl: null }
    assert.deepEqual(lines[0], { row: 1, line: '{"kind":"unit","subject":"a"}', hash: first, ...key })
    assert.equal(lines[1]!.hash, sha256Of(`${first}\n{"kind":"unit","subject":"b"}`))
  })

  it('holds as long as nothing is changed, and names the first row that is: changed, left out, moved or added (property)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 3, maxLength: 20 }), fc.nat(), (subjects, any) => {
        const { lines, chain } = kept(subjects)
        assert.equal(verified(lines, chain), undefined)
        const at = any % subjects.length
        const changed = lines.with(at, { ...lines[at]!, line: lines[at]!.line.replace('unit', 'Unit') })
        assert.equal(verified(changed, chain)!.row, at + 1)
        assert.equal(verified(lines.toSpliced(at, 1), chain)!.row, at + 1)
        const other = (at + 1) % lines.length
        const moved = lines.with(at, { ...lines[other]!, row: at + 1 }).with(other, { ...lines[at]!, row: other + 1 })
        assert.equal(verified(moved, chain)!.row, Math.min(at, other) + 1)
      }),
    )
  })

  it('does not hold where a row is found by what its line does not say', () => {
    const { lines, chain } = kept(['a', 'b'])
    for (const change of [{ kind: 'other' }, { subject: 'c' }, { amountBrl: 1 }])
      assert.deepEqual([verified([lines[0]!, { ...lines[1]!, ...change }], chain)?.row], [2])
  })

  it('does not hold where rows are missing at the end, or all of it was made anew', () => {
    const { lines, chain } = kept(['a', 'b', 'c'])
    assert.deepEqual(verified(lines.slice(0, 2), chain), { row: 3, problem: 'there are 2 rows, and 3 were closed' })
    const forged = kept(['a', 'x', 'c'])
    assert.match(verified(forged.lines, chain)!.problem, /the month was closed with/)
  })
})
