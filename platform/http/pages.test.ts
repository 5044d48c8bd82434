import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Type } from '@sinclair/typebox'
import { describe, it } from 'mocha'
import { instantKey, integerKey, Keyset, serialKey } from './pages.ts'
import { Problem } from './problem.ts'

const byInstant = new Keyset(Type.Object({ at: instantKey, id: Type.String({ maxLength: 50 }) }))

describe('pages', () => {
  it('of a list in the order of its key hold each item once (property)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), fc.integer({ min: 1, max: 7 }), (numbers, limit) => {
        const list = numbers.toSorted((one, other) => one - other).map((at) => ({ at, id: `d-${at}` }))
        const seen: unknown[] = []
        for (let cursor: string | null | undefined; cursor !== null;) {
          const after = byInstant.after(cursor)
          const rows = list.filter(({ at }) => !after || at > after.at).slice(0, limit + 1)
          const page = byInstant.page(rows, limit, (row) => row)
          assert.ok(page.items.length <= limit)
          seen.push(...page.items)
          cursor = page.nextCursor
        }
        assert.deepEqual(seen, list)
      }),
    )
  })

  it('begin without a cursor, and end without one', () => {
    assert.equal(byInstant.after(undefined), undefined)
    assert.deepEqual(
      byInstant.page([], 5, () => ({ at: 1, id: '' })),
      { items: [], nextCursor: null },
    )
  })

  for (const [what, cursor] of [
    ['no base64', '§§§'],
    ['no JSON', Buffer.from('hello').toString('base64url')],
    ['another list', new Keyset(Type.Object({ id: Type.String() })).cursorOf({ id: 'x' })],
    ['another type', Buffer.from('{"at":"now","id":"x"}').toString('base64url')],
    ['a text beyond its length', byInstant.cursorOf({ at: 1, id: 'x'.repeat(51) })],
    ['an instant of no calendar', byInstant.cursorOf({ at: 1e308, id: '' })],
    ['an instant before all calendars', byInstant.cursorOf({ at: -8.64e15, id: '' })],
    ['half a millisecond', byInstant.cursorOf({ at: 0.5, id: '' })],
    ['a NUL character', byInstant.cursorOf({ at: 1, id: '\0' })],
    ['half a character', byInstant.cursorOf({ at: 1, id: '\ud800' })],
  ] as const) {
    it(`refuse a cursor of ${what}`, () =>
      assert.throws(
        () => byInstant.after(cursor),
        (error: unknown) =>
          error instanceof Problem && error.status === 400 && error.errors[0]!.field === 'query.cursor',
      ))
  }

  it('refuse numbers that a database has no room for', () => {
    const numbered = new Keyset(Type.Object({ id: serialKey, place: integerKey }))
    const refuses = (key: { id: number; place: number }) =>
      assert.throws(() => numbered.after(numbered.cursorOf(key)), Problem, JSON.stringify(key))
    refuses({ id: 1e19, place: 0 })
    refuses({ id: 1e30, place: 0 })
    refuses({ id: -1, place: 0 })
    refuses({ id: 1, place: 3e9 })
    assert.deepEqual(numbered.after(numbered.cursorOf({ id: 1, place: 2_147_483_647 })), {
      id: 1,
      place: 2_147_483_647,
    })
  })
})
