import assert from 'node:assert/strict'
import { allConditionKinds, conditionKinds, rulesArea } from './condition-kinds.ts'
import { conditionTexts } from './condition-text.ts'
import { isIdentifier } from './fields.ts'

describe('kinds of conditions', () => {
  it('are identifiers, each of one area and once', () => {
    for (const [area, kinds] of Object.entries(conditionKinds))
      for (const name of [area, ...kinds]) assert.ok(isIdentifier(name), name)
    assert.equal(new Set(allConditionKinds).size, allConditionKinds.length)
  })

  it('leave the names of rules to engineers', () => assert.ok(!Object.hasOwn(conditionKinds, rulesArea)))

  it('have texts in their areas', () => {
    const areas = new Set(Object.keys(conditionTexts).map((message) => message.slice(0, message.indexOf('.'))))
    assert.deepEqual([...areas].toSorted(), [...Object.keys(conditionKinds), rulesArea].toSorted())
  })
})
