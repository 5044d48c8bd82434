import assert from 'node:assert/strict'
import fc from 'fast-check'
import { contains, isTopicFilter, matches } from './topic-filter.ts'

const level = fc.constantFrom('a', 'b', '', '$x')
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'))
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .map(([levels, open]) => [...levels, ...(open || levels.length === 0 ? ['#'] : [])].join('/'))
  .filter(isTopicFilter)

/** MQTT's rule, level by level, as a second opinion. */
function isNamed(name: string, by: string): boolean {
  if (name.startsWith('$') && /^[+#]/.test(by)) return false
  const pattern = by
    .split('/')
    .map((part) => (part === '+' ? '[^/]*' : part === '#' ? '#' : part.replace('$', '\\$')))
    .join('/')
    .replace(/\/#$/, '(/.*)?')
    .replace(/^#$/, '.*')
  return new RegExp(`^${pattern}$`).test(name)
}

describe('matches', () => {
  for (const [by, name, expected] of [
    ['a/+', 'a/b', true],
    ['a/+', 'a', false],
    ['a/+', 'a/', true],
    ['a/+', 'a/b/c', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['a/#', 'ab', false],
    ['#', 'a/b', true],
    ['#', '$SYS/broker', false],
    ['+/broker', '$SYS/broker', false],
    ['$SYS/#', '$SYS/broker', true],
    ['+', '/', false],
    ['+/+', '/a', true],
    ['a/+', 'a/+', false],
    ['#', 'a/#', false],
    ['A', 'a', false],
  ] as const)
    it(`${by} ${expected ? 'names' : 'does not name'} ${name}`, () => assert.equal(matches(by, name), expected))

  it('agrees with a second opinion (property)', () =>
    fc.assert(fc.property(filter, topic, (by, name) => assert.equal(matches(by, name), isNamed(name, by)))))
})

describe('contains', () => {
  for (const [outer, inner, expected] of [
    ['der/control/+', 'der/control/+', true],
    ['der/control/+', 'der/control/ev-1', true],
    ['der/control/+', 'der/control/#', false],
    ['der/control/+', 'der/+/+', false],
    ['der/control/ev-1', 'der/control/+', false],
    ['der/control/#', 'der/control/+', true],
    ['der/control/#', 'der/control', true],
    ['der/#', 'der/control/#', true],
    ['#', '#', true],
    ['#', '+/x', true],
    ['#', '$SYS/#', false],
    ['#', '$share/g/der/control/ev-1', false],
    ['$SYS/#', '#', false],
    ['a/+/c', 'a/+/+', false],
  ] as const)
    it(`${outer} ${expected ? 'contains' : 'does not contain'} ${inner}`, () =>
      assert.equal(contains(outer, inner), expected))

  it('never lets through a topic that the outer filter does not name (property)', () => {
    fc.assert(
      fc.property(filter, filter, topic, (outer, inner, name) => {
        fc.pre(contains(outer, inner) && matches(inner, name))
        assert.ok(matches(outer, name))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('isTopicFilter', () => {
  for (const filter of ['a', '/', 'a/+/b', '#', '+', 'a/#', '$SYS/#'])
    it(`takes ${filter}`, () => assert.ok(isTopicFilter(filter)))
  for (const filter of ['', 'a#', 'a/#/b', 'a+', '+a/b', '#/a', 'a\0'])
    it(`refuses ${JSON.stringify(filter)}`, () => assert.ok(!isTopicFilter(filter)))
})
