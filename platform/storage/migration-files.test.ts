import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { migrationFiles } from './migration-files.ts'

describe('the migrations of this release', () => {
  const files = migrationFiles()

  it('run in the order of their numbers, each number once', () => {
    const numbers = files.map(({ name }) => Number(/^(\d{4})_[a-z0-9-]+$/.exec(name)?.[1]))
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].toSorted((one, other) => one - other),
    )
    assert.equal(numbers[0], 1)
  })

  it('go up only: what is in a file is what a restore runs, too', () => {
    for (const { name, path } of files) {
      const text = readFileSync(path, 'utf8')
      assert.match(text, /^-- Up Migration\n/, name)
      assert.doesNotMatch(text, /Down Migration/, name)
    }
  })
})
