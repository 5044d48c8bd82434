import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { variables } from './environment-variables.ts'
import { renderEnvironmentTable } from './environment-table.ts'
import { installation } from './installation.ts'

describe('the table of variables in the README', () => {
  const readme = readFileSync(join(installation, 'README.md'), 'utf8').replaceAll('\r\n', '\n')
  const table = /<!-- configuration -->\n([^]*?)\n<!-- \/configuration -->/.exec(readme)?.[1]?.trim()

  it('is the one that the variables themselves give', () => {
    assert.equal(table, renderEnvironmentTable().trim())
  })

  for (const name of Object.keys(variables)) {
    it(`explains ${name}`, () => assert.match(table!, new RegExp(`^\\| \`${name}\` +\\|.*\\| \\S.* \\|$`, 'm')))
  }
})
