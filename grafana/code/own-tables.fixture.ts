import { after, before } from 'mocha'
import { Client } from 'pg'
import { queriesOf, type Queries } from '../../platform/storage/queries.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'

/** For the tests of a suite: a connection on which temporary tables stand in the place of the database's. @param sql  makes and fills them */
export function useOwnTables(sql: string): Queries {
  let client: Client
  // Before the database of the suite goes.
  after(() => client?.end())
  const postgresql = useDatabase()
  before(async () => {
    client = new Client(postgresql.owner)
    await client.connect()
    await client.query(sql)
  })
  return { query: (text, values) => queriesOf(client).query(text, values) }
}
