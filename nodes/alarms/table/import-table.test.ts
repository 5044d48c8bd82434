import assert from 'node:assert/strict'
import { ImportError } from '../../../platform/network/import/faults.ts'
import type { AlarmDefinition } from '../domain/definition.ts'
import { scopeKey } from '../domain/master-table.ts'
import { effectiveTable, noOverrides, shippedDefinition } from '../domain/table-overrides.ts'
import { ImpossibleTable } from './change-table.ts'
import { importOf } from './import-table.ts'
import type { StoredTable } from './stored-table.ts'
import { fileOf } from './table-file.fixture.ts'

const key = 'voltage~drp-budget~*~*'
const shipped = shippedDefinition(key)!
/** As an alarm node says it of a rule of its own. */
const ofRule = { ...shipped, scope: { ...shipped.scope, area: 'rules', kind: 'too-hot' } }
const ofFeeder = { ...shipped, scope: { ...shipped.scope, feederId: 'f-1' } }

const standing = (...definitions: AlarmDefinition[]): StoredTable => {
  const overrides = { definitions, classes: [] }
  const keyed = (all: readonly AlarmDefinition[]) => new Map(all.map((one) => [scopeKey(one.scope), one]))
  const said = { version: 1, reason: 'x', changedBy: 'ana', changedAt: 0 }
  return {
    ...{ table: effectiveTable(1, overrides, [ofRule]), overrides, classes: new Map() },
    given: keyed(effectiveTable(1, noOverrides, [ofRule]).definitions),
    entries: new Map([...keyed(definitions)].map(([of, definition]) => [of, { ...said, key: of, definition }])),
  }
}

describe('a file that is to be the table', () => {
  const decide = async (definitions: readonly AlarmDefinition[], before: StoredTable) =>
    importOf(Buffer.from(await fileOf(definitions))).decide(before).definitions
  const all = standing().table.definitions

  it('changes what is otherwise in it, and nothing else', async () => {
    assert.equal((await decide(all, standing())).size, 0)
    const other: AlarmDefinition = { ...shipped, priority: 'critical' }
    const changed = all.map((definition) => (definition.scope === shipped.scope ? other : definition))
    assert.deepEqual([...(await decide(changed, standing()))], [[key, other]])
    assert.equal((await decide(changed, standing(other))).size, 0)
  })

  it('takes back what is as shipped in it, and what is not in it', async () => {
    const before = standing({ ...shipped, priority: 'critical' }, ofFeeder)
    assert.deepEqual(
      await decide(all, before),
      new Map([
        [key, null],
        ['voltage~drp-budget~f-1~*', null],
      ]),
    )
  })

  it('says of a rule something else than its node, or leaves it to it', async () => {
    const rule = 'rules~too-hot~*~*'
    const other: AlarmDefinition = { ...ofRule, priority: 'critical' }
    const without = all.filter(({ scope }) => scope !== ofRule.scope)
    assert.deepEqual([...(await decide([...without, other], standing()))], [[rule, other]])
    assert.equal((await decide(without, standing())).size, 0)
    for (const file of [all, without]) assert.deepEqual([...(await decide(file, standing(other)))], [[rule, null]])
  })

  it('must have all that is shipped', async () => {
    const { decide: decideBy } = importOf(Buffer.from(await fileOf(all.slice(1))))
    assert.throws(() => decideBy(standing()), /body: lacks the entry .*, which is shipped/)
  })

  it('is told by line what cannot be, and what of it is not its own', async () => {
    const { byLine } = importOf(Buffer.from(await fileOf(all)))
    const fault = { field: 'className', value: 'x', problem: 'must be a class' }
    const refused = byLine(() =>
      Promise.reject(
        new ImpossibleTable([
          { of: key, ...fault },
          { of: 'a~b~*~*', ...fault },
        ]),
      ),
    )
    const line = all.findIndex(({ scope }) => scope === shipped.scope) + 2
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof ImportError)
      assert.match(error.message, new RegExp(`body line ${line}: class is "x", must be a class`))
      assert.match(error.message, /a~b~\*~\* className must be a class/)
      return true
    })
    await assert.rejects(
      byLine(() => Promise.reject(new Error('otherwise'))),
      /otherwise/,
    )
  })
})
