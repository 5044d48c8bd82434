import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { parse } from 'yaml'
import { BadObject } from '../domain/openadr/objects.ts'
import { reportOf } from '../domain/openadr/report.ts'
import { publishedDocument } from './published-schemas.fixture.ts'
import { PublishedSchemas, type SchemaName } from './published-schemas.ts'

const event = {
  ...{ id: 'e1', createdDateTime: '2026-01-01T00:00:00Z', modificationDateTime: '2026-01-02T00:00:00.5Z' },
  ...{ objectType: 'EVENT', programID: 'p1', eventName: null, priority: 0 },
  intervals: [{ id: 0, payloads: [{ type: 'SIMPLE', values: [1] }] }],
}
const results = [
  {
    ...{ intervalId: 0, feederId: 'f1', startsAt: 0, endsAt: 3_600_000, baselineKwh: 2, actualKwh: null },
    basis: 'head' as const,
  },
]
const report = reportOf({ ...event, reportDescriptors: [{ payloadType: 'USAGE' }] }, results, 'lv')

describe('the published schemas of OpenADR', () => {
  const schemas = new PublishedSchemas(publishedDocument)
  const faultOf = (name: SchemaName, value: unknown): string => {
    try {
      schemas.check(name, value)
      return ''
    } catch (error) {
      assert.ok(error instanceof BadObject)
      return error.message
    }
  }

  it('allow what fits, and fields that they do not know', () => {
    assert.equal(faultOf('event', { ...event, comment: 'more' }), '')
    assert.equal(faultOf('reportRequest', report), '')
  })

  for (const [name, value, fault] of [
    ['event', { ...event, modificationDateTime: undefined }, /^modificationDateTime is missing \(schema event\)/],
    ['event', { ...event, createdDateTime: 'yesterday' }, /^createdDateTime is "yesterday": .*date-time/],
    ['event', { ...event, priority: -1 }, /^priority is -1: it must be >= 0/],
    ['event', { ...event, intervals: [{ payloads: [] }] }, /^intervals\.0\.id is missing/],
    ['program', { ...event, objectType: 'PROGRAM' }, /^programName is missing \(schema program\)/],
    ['reportRequest', { ...report, clientName: 'x'.repeat(129) }, /^clientName is "xxx.*128 characters/],
    ['report', null, /^it is null: it must be object/],
  ] as const)
    it(`refuse ${name}: ${fault.source}`, () => assert.match(faultOf(name, value), fault))

  it('may be in JSON', () => {
    assert.doesNotThrow(() => new PublishedSchemas(JSON.stringify(parse(publishedDocument))))
  })

  for (const [document, problem] of [
    ['openapi: 3.0.0', /^has no components\.schemas$/],
    ['- openapi', /^has no components\.schemas$/],
    ['openapi: [', /at line 1/],
    [publishedDocument.replace('    reportRequest:', '    otherRequest:'), /reportRequest/],
    [publishedDocument.replace('    program:', '    programme:'), /^has no schema "program"$/],
    [publishedDocument.replace('maxLength: 128', 'maxLength: many'), /maxLength/],
  ] as const)
    it(`cannot be had from a document that is wrong: ${problem.source}`, () => {
      assert.throws(() => new PublishedSchemas(document), { message: problem })
    })

  it('of the document itself, where it is at hand, allow what is sent', function () {
    const file = process.env['OPENADR_SPECIFICATION_FILE']
    if (!file || !existsSync(file)) {
      process.stderr.write('skipped: OPENADR_SPECIFICATION_FILE does not name the published document\n')
      this.skip()
    }
    const published = new PublishedSchemas(readFileSync(file, 'utf8'))
    published.check('reportRequest', report)
    published.check('event', event)
    assert.throws(() => published.check('event', { ...event, programID: 'no id' }), BadObject)
  })
})
