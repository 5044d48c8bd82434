import assert from 'node:assert/strict'
import { contractExamples } from './examples.ts'
import { fieldContract } from './contract.ts'
import { exampleFile, publishedFiles, schemaDocument, withTables } from './publication.ts'
import { reasons } from './reasons.ts'

const files = publishedFiles()
const page =
  '# Contract\n<!-- messages --><!-- /messages -->\n<!-- reasons -->outdated<!-- /reasons -->\n<!-- examples --><!-- /examples -->\nend\n'

describe('the published contract', () => {
  it('has a schema a message and a file an example, each under a name of its own', () => {
    assert.equal(files.size, Object.keys(fieldContract).length + contractExamples.length)
    for (const example of contractExamples)
      assert.deepEqual(JSON.parse(files.get(exampleFile(example))!), example.payload)
  })

  it('is JSON Schema 2020-12, each under a versioned name', () => {
    assert.equal(schemaDocument('der')['$id'], 'urn:linhaviva:contract:v1:der-telemetry')
    for (const [file, text] of files) {
      if (!file.endsWith('.schema.json')) continue
      const schema = JSON.parse(text) as Record<string, unknown>
      assert.equal(schema['$schema'], 'https://json-schema.org/draft/2020-12/schema')
      assert.equal(schema['type'], 'object')
    }
  })
})

describe('withTables', () => {
  const written = withTables(page)

  it('says of every message, reason and example what there is to say', () => {
    for (const [kind, { topic }] of Object.entries(fieldContract))
      assert.ok(written.includes(topic.replace('+', kind === 'alarm' ? '<alarm>' : '<device>')))
    for (const reason of Object.keys(reasons)) assert.ok(written.includes(`\`${reason}\``))
    for (const example of contractExamples) assert.ok(written.includes(exampleFile(example)))
    assert.ok(written.startsWith('# Contract\n') && written.endsWith('\nend\n') && !written.includes('outdated'))
  })

  it('written twice is as written once', () => assert.equal(withTables(written), written))

  it('says which table has no place', () => assert.throws(() => withTables('# Contract'), /messages/))
})
