import assert from 'node:assert/strict'
import { queriesOf } from './queries.ts'
import { useDatabase } from './test-database.ts'

describe('queries', function () {
  this.timeout(60_000)
  const store = useDatabase()

  it('are put to a database and to a transaction in the same way', async () => {
    const ask = { text: 'select $1::integer + 1 as next', values: [41] }
    const ofDatabase = await store.database.query(ask.text, ask.values)
    const ofTransaction = await store.database.transaction((client) => queriesOf(client).query(ask.text, ask.values))
    assert.deepEqual(ofDatabase, [{ next: 42 }])
    assert.deepEqual(ofTransaction, ofDatabase)
  })
})
