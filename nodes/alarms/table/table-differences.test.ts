import assert from 'node:assert/strict'
import { defaultTable } from '../domain/default-table.ts'
import { effectiveTable, shippedClass, shippedDefinition } from '../domain/table-overrides.ts'
import { tableDifferences } from './table-differences.ts'
import { entryOf } from './table-fields.ts'

const key = 'voltage~drp-budget~*~*'
const shipped = shippedDefinition(key)!
const own = { ...shipped, scope: { ...shipped.scope, subject: 'u-1' } }
const after = effectiveTable(1, {
  definitions: [{ ...shipped, cause: { ...shipped.cause, pt: 'Outra.' } }, own],
  classes: [{ ...shippedClass('safety')!, latching: false }],
})

describe('what became of the table', () => {
  it('is told by entry, class and field', () => {
    const changes = tableDifferences(defaultTable, after, [
      { kind: 'entry', key },
      { kind: 'class', key: 'safety' },
      { kind: 'entry', key: 'voltage~drp-budget~*~u-1' },
    ])
    assert.deepEqual(
      changes.map(({ of, change, fields }) => [of, change, fields.length > 5 ? 'all' : fields]),
      [
        ['entry', 'changed', [{ field: 'cause.pt', before: shipped.cause.pt, after: 'Outra.' }]],
        ['class', 'changed', [{ field: 'latching', before: true, after: false }]],
        ['entry', 'added', 'all'],
      ],
    )
    const [removed] = tableDifferences(after, defaultTable, [{ kind: 'entry', key: 'voltage~drp-budget~*~u-1' }])
    assert.equal(removed?.change, 'removed')
    assert.ok(removed.fields.every((field) => field.after === null))
  })

  it('is nothing where what stands there was said anew', () =>
    assert.deepEqual(tableDifferences(after, after, [{ kind: 'entry', key }])[0]?.fields, []))

  it('says of an entry whether it is shipped, and who said otherwise', () => {
    const said = { version: 1, reason: 'x', changedBy: 'ana', changedAt: 0, key, definition: shipped }
    assert.deepEqual(entryOf(shipped, { entries: new Map([[key, said]]), given: new Map() }).override, {
      ...{ version: 1, reason: 'x', changedBy: 'ana', changedAt: '1970-01-01T00:00:00.000Z' },
    })
    const given = new Map([['voltage~drp-budget~*~u-1', own]])
    const { shipped: isShipped, rule, override, entryId } = entryOf(own, { entries: new Map(), given })
    assert.deepEqual([isShipped, rule, override, entryId], [false, true, null, 'voltage~drp-budget~*~u-1'])
  })
})
