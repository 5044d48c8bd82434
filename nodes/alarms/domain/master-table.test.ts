import assert from 'node:assert/strict'
import fc from 'fast-check'
import { defaultClasses } from './default-classes.ts'
import { anyDefault } from './default-any.ts'
import type { AlarmDefinition, AlarmScope, ConditionPlace } from './definition.ts'
import { masterTable, scopeKey, scopeOf, scopeParts } from './master-table.ts'

const anywhere: AlarmScope = { area: null, kind: null, feederId: null, subject: null }
const entry = (scope: Partial<AlarmScope>): AlarmDefinition => ({ ...anyDefault, scope: { ...anywhere, ...scope } })
const place: ConditionPlace = { area: 'telemetry', kind: 'device-silent', feederId: 'f-1', subject: 'm-1' }
const tableOf = (...scopes: Partial<AlarmScope>[]) => masterTable(1, [{}, ...scopes].map(entry), defaultClasses)

describe('the entry for a condition', () => {
  const chosen = (scopes: Partial<AlarmScope>[], at: Partial<ConditionPlace> = {}) =>
    scopeKey(tableOf(...scopes).definitionOf({ ...place, ...at }).scope)

  it('is the one that says most: subject, then feeder, then kind, then area', () => {
    const area = { area: 'telemetry' }
    const kind = { ...area, kind: 'device-silent' }
    assert.equal(chosen([]), '*~*~*~*')
    assert.equal(chosen([area]), 'telemetry~*~*~*')
    assert.equal(chosen([area, kind]), 'telemetry~device-silent~*~*')
    assert.equal(chosen([area, kind, { feederId: 'f-1' }]), '*~*~f-1~*')
    assert.equal(
      chosen([area, kind, { feederId: 'f-1' }, { ...kind, feederId: 'f-1' }]),
      'telemetry~device-silent~f-1~*',
    )
    assert.equal(chosen([{ ...kind, feederId: 'f-1' }, { subject: 'm-1' }]), '*~*~*~m-1')
  })

  it('is none that is of another place', () => {
    const others = [
      { area: 'voltage' },
      { area: 'telemetry', kind: 'values-stuck' },
      { feederId: 'f-2' },
      { subject: 'm-2' },
    ]
    assert.equal(chosen(others), '*~*~*~*')
    assert.equal(chosen([{ feederId: 'f-1' }], { feederId: null }), '*~*~*~*')
  })

  it('is what a search through all of them finds (property)', () => {
    const word = fc.constantFrom('a', 'b', 'c')
    const part = fc.option(word)
    const scope = fc.record({ area: part, kind: part, feederId: part, subject: part })
    const places = fc.record({ area: word, kind: word, feederId: part, subject: word })
    fc.assert(
      fc.property(fc.array(scope, { maxLength: 30 }), places, (scopes, at) => {
        const fits = [anywhere, ...scopes].filter((one) =>
          scopeParts.every((name) => one[name] === null || one[name] === at[name]),
        )
        const rank = (one: AlarmScope) => scopeParts.map((name) => (one[name] === null ? 0 : 1)).join('')
        const best = fits.toSorted((a, b) => rank(b).localeCompare(rank(a)))[0]!
        assert.equal(scopeKey(tableOf(...scopes).definitionOf(at).scope), scopeKey(best))
      }),
    )
  })
})

describe('the key of an entry', () => {
  it('is read back', () => {
    for (const scope of [
      anywhere,
      { ...anywhere, area: 'rules' },
      { area: 'a', kind: 'b', feederId: 'c', subject: 'd' },
    ])
      assert.deepEqual(scopeOf(scopeKey(scope)), scope)
  })

  for (const wrong of ['', 'telemetry', 'a~b~c', 'a~b~c~d~e'])
    it(`is not ${JSON.stringify(wrong)}`, () => assert.equal(scopeOf(wrong), undefined))
})

describe('a master alarm table', () => {
  it('is not made without an entry for whatever else is said', () => {
    assert.throws(() => masterTable(0, [entry({ area: 'voltage' })], defaultClasses), /no entry for any condition/)
    assert.throws(() => masterTable(0, [], defaultClasses), /no entry for any condition/)
  })

  it('is not made with a class that is not there', () => {
    const unknown = { ...entry({}), className: 'nothing' }
    assert.throws(() => masterTable(0, [unknown], defaultClasses), /no class "nothing"/)
  })
})
