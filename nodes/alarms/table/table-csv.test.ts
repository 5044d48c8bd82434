import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Faults, ImportError } from '../../../platform/network/import/faults.ts'
import { priorities } from '../domain/alarm.ts'
import { defaultDefinitions } from '../domain/default-table.ts'
import type { AlarmDefinition } from '../domain/definition.ts'
import { scopeKey } from '../domain/master-table.ts'
import { columnNames, columnOfField, readTable } from './table-csv.ts'
import { fileOf as written } from './table-file.fixture.ts'

/** @throws ImportError */
function read(text: string): AlarmDefinition[] {
  const faults = new Faults()
  const lines = readTable({ name: 'table.csv', bytes: Buffer.from(text) }, faults)
  faults.check()
  return lines.map(({ definition }) => definition)
}

const sorted = (definitions: readonly AlarmDefinition[]) =>
  definitions.toSorted((one, other) => (scopeKey(one.scope) < scopeKey(other.scope) ? -1 : 1))

describe('the table as a file', () => {
  it('is read as it was written, as shipped', async () =>
    assert.deepEqual(sorted(read(await written(defaultDefinitions))), sorted(defaultDefinitions)))

  const sentence = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .map((text) => `${text.replaceAll(/[\p{C}\u2028\u2029]/gu, '')}.`.trim())
    .filter((text) => text !== '' && !/^'[=+\-@]/.test(text))
  const words = fc.record({ en: sentence, pt: sentence })
  const identifier = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,20}$/)
  const part = fc.option(identifier)
  const seconds = (most: number) => fc.integer({ min: 0, max: most }).map((s) => s * 1_000)
  const level = fc.option(fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 1e3))
  const definitions: fc.Arbitrary<AlarmDefinition> = fc.record({
    scope: fc.record({ area: part, kind: part, feederId: part, subject: part }),
    ...{ className: identifier, priority: fc.option(fc.constantFrom(...priorities)) },
    ...{ cause: words, consequence: words, operatorAction: words, timeToRespondMs: seconds(1e6) },
    ...{ setPoint: level, deadband: level, onDelayMs: seconds(86_400), offDelayMs: seconds(86_400) },
    ...{ latching: fc.option(fc.boolean()), reAlarmMs: fc.option(seconds(1e6)), enabled: fc.boolean() },
    explainedBy: fc.array(
      fc.tuple(identifier, identifier).map((names) => names.join('/')),
      { maxLength: 4 },
    ),
  })

  it('is read as it was written, whatever stands in it (property)', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(definitions, { maxLength: 5, selector: ({ scope }) => scopeKey(scope) }),
        async (all) => assert.deepEqual(sorted(read(await written(all))), sorted(structuredClone(all))),
      ),
      { numRuns: 200 },
    ))

  it('has a column for every field', () => {
    for (const field of ['scope.feederId', 'cause.pt', 'timeToRespondMs', 'className'])
      assert.ok(columnNames.includes(columnOfField(field)!), field)
    assert.equal(columnOfField('nothing'), undefined)
  })

  it('is told by line and column what is wrong', async () => {
    const text = await written([{ ...defaultDefinitions[0]!, timeToRespondMs: 1_500 }])
    const faults = [text.replace(/,true,/, ',perhaps,'), text, text.replace(/,true,/, ',,')].map((one) => {
      try {
        read(one)
        return []
      } catch (error) {
        assert.ok(error instanceof ImportError)
        return error.faults.map(({ line, column, value, problem }) => [line, column, value, problem])
      }
    })
    const half = [2, 'time_to_respond_s', '1.5', 'not a whole number']
    assert.deepEqual(faults, [
      [[2, 'enabled', 'perhaps', 'not true or false'], half],
      [half],
      [[2, 'enabled', undefined, 'is empty'], half],
    ])
  })
})
