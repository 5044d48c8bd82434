import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { readFeeders, rootOf } from './feeder-tree.ts'

const read = (entries: unknown) => readFeeders('tree.json', JSON.stringify(entries))

describe('a tree of feeders from a file', () => {
  it('has the limits of the whole and of its phases', () => {
    const [root, child] = read([
      { feederId: 'a', limitKw: 20, phaseLimitKw: { B: 7 } },
      { feederId: 'b', parentFeederId: 'a' },
    ])
    assert.deepEqual(
      root!.limits.map(({ line, direction, limitKw }) => [line, direction, limitKw]),
      [
        ['total', 'import', 20],
        ['B', 'import', 7],
      ],
    )
    assert.deepEqual([child!.limits, child!.parentFeederId], [[], 'a'])
    assert.equal(rootOf([child!, root!]), 'a')
    assert.throws(() => rootOf([child!]), /without a root/)
  })

  for (const [what, entries, message] of [
    [
      'a feeder named twice',
      [{ feederId: 'a' }, { feederId: 'a', parentFeederId: 'a' }],
      /tree\.json\[1\]\.feederId is "a"/,
    ],
    [
      'a parent that is not there',
      [{ feederId: 'a' }, { feederId: 'b', parentFeederId: 'c' }],
      /\[1\]\.parentFeederId is "c"/,
    ],
    ['a second root', [{ feederId: 'a' }, { feederId: 'b' }], /\[1\]\.parentFeederId is null: a is the root already/],
    [
      'a circle',
      [{ feederId: 'r' }, { feederId: 'a', parentFeederId: 'b' }, { feederId: 'b', parentFeederId: 'a' }],
      /\[1\]\.parentFeederId is "b": its way up never ends/,
    ],
    ['nothing but a circle', [{ feederId: 'a', parentFeederId: 'a' }], /\[0\]\.parentFeederId is "a": its way up/],
    ['a limit below nothing', [{ feederId: 'a', limitKw: -1 }], /\[0\]\.limitKw is -1: it must be >= 0/],
    ['a phase that there is not', [{ feederId: 'a', phaseLimitKw: { D: 1 } }], /\[0\]\.phaseLimitKw\.D is not taken/],
  ] as const)
    it(`is refused for ${what}`, () => assert.throws(() => read(entries), message))
})
