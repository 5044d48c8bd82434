import assert from 'node:assert/strict'
import { anchoredHeads, anchorKeyOf, parseAnchor, signAnchor, noLine, type Anchor } from './anchor.ts'
import { entered } from './chain.fixture.ts'
import { sha256Of } from '../storage/canonical-json.ts'
import { hashOf, type AuditEntry, type Head } from './chain.ts'
import { verifyChain, type Evidence } from './verify-chain.ts'

const key = anchorKeyOf('a secret')
const anchored = ({ seq, hash }: Head, at: string, kind: Anchor['kind'] = 'head'): Anchor =>
  parseAnchor(signAnchor({ kind, seq, hash, at: `2026-11-21T${at}:00.000Z`, previous: noLine }, key))!

async function* inPages(entries: readonly AuditEntry[]): AsyncGenerator<readonly AuditEntry[]> {
  for (let from = 0; from < entries.length; from += 2) yield entries.slice(from, from + 2)
}

const verified = (entries: readonly AuditEntry[], anchors: readonly Anchor[], evidence: Partial<Evidence> = {}) =>
  verifyChain(inPages(entries), {
    heads: anchoredHeads(anchors).heads,
    mayBeLetGo: () => false,
    differences: async () => [],
    ...evidence,
  })

describe('a walk over the chain', () => {
  const [one, two, three, four, five] = entered('a', 'b', 'c', 'd', 'e') as [
    ...[AuditEntry, AuditEntry, AuditEntry],
    ...[AuditEntry, AuditEntry],
  ]
  const all = [one, two, three, four, five]

  it('counts what it saw, and what came after the last anchor', async () =>
    assert.deepEqual(await verified(all, [anchored(three, '12:00')]), {
      ...{ entries: 5, firstAt: one.at, lastAt: five.at, letGo: 0, unanchored: 2, broken: undefined },
    }))

  it('finds nothing amiss with an empty chain that was never anchored', async () =>
    assert.deepEqual(await verified([], []), {
      ...{ entries: 0, firstAt: undefined, lastAt: undefined, letGo: 0, unanchored: 0, broken: undefined },
    }))

  it('finds an empty chain cut that was anchored', async () => {
    const { broken } = await verified([], [anchored(three, '12:00')])
    assert.deepEqual([broken?.kind, broken?.seq], ['cut', 1])
  })

  it('counts content that may be let go of, and finds what may not', async () => {
    const let_ = all.map((entry) => (entry === two ? { ...entry, content: null } : entry))
    assert.equal((await verified(let_, [], { mayBeLetGo: ({ seq }) => seq === 2 })).letGo, 1)
    const { broken } = await verified(let_, [])
    assert.deepEqual([broken?.kind, broken?.seq], ['edited', 2])
  })

  it('names the row that was left as it was, where the chain was written anew with the row before it', async () => {
    const anew = entered('a', 'b', 'x', 'd', 'e')
    const { broken } = await verified(anew, [anchored(one, '12:00'), anchored(five, '12:01')])
    assert.deepEqual([broken?.kind, broken?.seq], ['rewritten', 2])
    const differences: Evidence['differences'] = async (after, upTo) =>
      after < 3 && upTo >= 3 ? [{ seq: 3, table: 'access_log', gone: false }] : []
    const compared = await verified(anew, [anchored(one, '12:00'), anchored(five, '12:01')], { differences })
    assert.deepEqual([compared.broken?.kind, compared.broken?.seq], ['row', 3])
  })

  it('names what comes first, a row or an entry', async () => {
    const edited = all.map((entry) => (entry === two ? { ...entry, content: 'x' } : entry))
    for (const [row, kind] of [
      [1, 'row'],
      [2, 'edited'],
    ] as const) {
      const differences = async (after: number, upTo: number) =>
        [{ seq: row, table: 'access_log', gone: true }].filter(({ seq }) => seq > after && seq <= upTo)
      assert.equal((await verified(edited, [], { differences })).broken?.kind, kind)
    }
  })

  it('lets a restore take entries away, and holds what follows against what was anchored then', async () => {
    const other = { ...three, content: 'other', contentHash: sha256Of('other') }
    const third = { ...other, hash: hashOf(other) }
    const anchors = [anchored(five, '12:00'), anchored(two, '12:01', 'restored'), anchored(third, '12:02')]
    assert.equal((await verified([one, two, third], anchors)).broken, undefined)
    assert.equal((await verified([one, two, three], anchors)).broken?.kind, 'rewritten')
    assert.equal((await verified([one, two], anchors)).broken?.kind, 'cut')
    assert.deepEqual(
      anchoredHeads(anchors).restores.map(({ restored, lostUpTo }) => [restored.seq, lostUpTo]),
      [[2, 5]],
    )
  })
})
