import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { after, before, describe, it } from 'mocha'
import { Database, DatabaseUnavailable } from './database.ts'

/** A message of PostgreSQL's protocol, from the server. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.from(`${type}0000`)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}
const letIn = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))])
const ending = message(
  'E',
  Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
)

describe('a server that ends right after it has let somebody in', () => {
  let server: Server
  let database: Database
  let isThere = false

  before(async () => {
    // The greeting and the end come in one, so that the client hears the end before anybody has it in hand.
    server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        isThere = true
        socket.end(Buffer.concat([letIn, ending]))
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    database = new Database({ host: '127.0.0.1', port, user: 'nobody', password: '', database: 'none' })
  })
  after(async () => {
    await database.close()
    server.close()
  })

  it('is a database that is away, and ends nothing here', async () => {
    const uncaught: unknown[] = []
    const hear = (error: unknown): unknown => uncaught.push(error)
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException').on('uncaughtException', hear)
    try {
      await assert.rejects(
        database.transaction((client) => client.query('select 1')),
        DatabaseUnavailable,
      )
      await new Promise((resolve) => setTimeout(resolve, 50))
    } finally {
      process.removeListener('uncaughtException', hear)
      for (const other of others) process.on('uncaughtException', other)
    }
    assert.deepEqual([uncaught, isThere], [[], true])
  })
})
