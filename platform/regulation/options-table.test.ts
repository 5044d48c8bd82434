import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installation } from '../runtime/installation.ts'
import { renderOptionsTable } from './options-table.ts'
import { regulationOptions } from './options.ts'

describe('the table of options in docs/regulation.md', () => {
  const page = readFileSync(join(installation, 'docs', 'regulation.md'), 'utf8').replaceAll('\r\n', '\n')
  const table = /<!-- options -->\n([^]*?)\n<!-- \/options -->/.exec(page)?.[1]?.trim()

  it('is the one that the options themselves give', () => {
    assert.equal(table, renderOptionsTable(regulationOptions))
  })

  for (const key of Object.keys(regulationOptions))
    it(`says of ${key} what is uncertain, what it takes, its default and its source`, () =>
      assert.match(table!, new RegExp(`^\\| \`${key}\` +(\\| \\S[^|]* ){4}\\|$`, 'm')))
})
