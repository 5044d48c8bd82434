import assert from 'node:assert/strict'
import { defaultTable } from './default-table.ts'
import { scopeKey } from './master-table.ts'
import {
  afterChange,
  differencesOf,
  effectiveTable,
  nothingChanged,
  shippedClass,
  shippedDefinition,
} from './table-overrides.ts'

const key = 'telemetry~device-silent~*~*'
const shipped = shippedDefinition(key)!
const place = { area: 'telemetry', kind: 'device-silent', feederId: null, subject: 'm-1' }
const none = { definitions: [], classes: [] }

describe('what an installation says of the table', () => {
  it('is nothing at first: the table is as shipped', () => {
    const table = effectiveTable(0, none)
    assert.deepEqual(table.definitions, defaultTable.definitions)
    assert.deepEqual(table.classes, defaultTable.classes)
  })

  it('takes the place of what is shipped, and goes again', () => {
    const own = { ...shipped, priority: 'high' as const }
    const said = afterChange(none, { ...nothingChanged, definitions: new Map([[key, own]]) })
    const table = effectiveTable(1, said)
    assert.equal(table.definitionOf(place).priority, 'high')
    assert.equal(table.definitions.length, defaultTable.definitions.length)
    const again = afterChange(said, { ...nothingChanged, definitions: new Map([[key, null]]) })
    assert.equal(effectiveTable(2, again).definitionOf(place).priority, 'low')
  })

  it('can add entries and classes', () => {
    const own = { ...shipped, className: 'night', scope: { ...shipped.scope, subject: 'm-1' } }
    const night = { ...shippedClass('equipment')!, name: 'night' }
    const change = { definitions: new Map([[scopeKey(own.scope), own]]), classes: new Map([['night', night]]) }
    const table = effectiveTable(1, afterChange(none, change))
    assert.equal(table.definitionOf(place).className, 'night')
    assert.equal(table.definitionOf({ ...place, subject: 'm-2' }).className, 'equipment')
    assert.equal(table.classNamed('night').mostShelvedMs, night.mostShelvedMs)
  })
})

describe('the difference between two states of an entry', () => {
  it('names fields, also within texts and lists', () => {
    const after = { ...shipped, cause: { ...shipped.cause, pt: 'Outra.' }, explainedBy: [], onDelayMs: 0 }
    assert.deepEqual(
      differencesOf(shipped, after),
      [
        { field: 'explainedBy', before: shipped.explainedBy, after: [] },
        { field: 'onDelayMs', before: 120_000, after: 0 },
        { field: 'cause.pt', before: shipped.cause.pt, after: 'Outra.' },
      ].toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field)),
    )
  })

  it('is every field where one of them is not there, and nothing where both are the same', () => {
    assert.deepEqual(differencesOf(shipped, { ...shipped }), [])
    assert.ok(differencesOf(undefined, shipped).every(({ before }) => before === undefined))
    assert.ok(differencesOf(shipped, undefined).length > 15)
  })
})

const order = Object.keys(shipped).flatMap((name) => (name === 'cause' ? ['cause.en', 'cause.pt'] : [name]))
