import assert from 'node:assert/strict'
import { allConditionKinds } from '../../../platform/wire/condition-kinds.ts'
import { readPage, withDefaults } from './defaults-page.ts'

describe('docs/master-alarm-table.md', () => {
  it('lists what is shipped', () =>
    assert.equal(readPage(), withDefaults(readPage()), 'write it anew: node dist/nodes/alarms/table/defaults-page.js'))

  it('has every kind, and all classes', () => {
    const page = readPage()
    for (const kind of allConditionKinds) assert.ok(page.includes(`### \`${kind.replace('/', '~')}~*~*\``), kind)
    for (const name of ['safety', 'supply', 'quality', 'equipment', 'platform'])
      assert.match(page, new RegExp(`\\| \`${name}\` +\\|`))
  })
})
