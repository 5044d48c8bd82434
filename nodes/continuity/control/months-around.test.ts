import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { monthsAround } from './months-around.ts'

describe('months in which something may count', () => {
  for (const [from, until, months] of [
    ['2026-03-15T12:00Z', '2026-03-15T13:00Z', ['2026-03']],
    ['2026-03-31T12:00Z', '2026-03-31T13:00Z', ['2026-03', '2026-04']],
    ['2026-04-01T02:00Z', '2026-04-01T04:00Z', ['2026-03', '2026-04']],
    ['2025-12-31T20:00Z', '2026-02-10T00:00Z', ['2025-12', '2026-01', '2026-02']],
  ] as const)
    it(`${from} to ${until}: ${months.join(', ')}`, () =>
      assert.deepEqual(monthsAround(Date.parse(from), Date.parse(until)), months))
})
