import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Type } from '@sinclair/typebox'
import express from 'express'
import { describe, it } from 'mocha'
import { Operation, queryOf } from './operation.ts'
import { Problem } from './problem.ts'
import { defineRoute } from './route.ts'

describe('an operation', () => {
  let aborted = false
  const never = defineRoute({
    ...{ method: 'POST', path: '/api/never', operationId: 'never', summary: '', tag: '', right: 'open' },
    body: Type.Object({}),
    patienceMs: 100,
    answers: { 200: { description: '' } },
    handle: ({ signal }) => {
      signal.addEventListener('abort', () => (aborted = true))
      return new Promise(() => undefined)
    },
  })
  const operation = new Operation(never)

  async function tried(sent: string): Promise<string> {
    const caller = { identity: undefined, address: '', secure: false }
    const server = express()
      .use((request, response) => {
        operation.perform(request, response, new Map(), caller).catch((error: unknown) => {
          response.end(error instanceof Problem ? `${error.status} ${error.message}` : String(error))
        })
      })
      .listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n${sent}`)
    const answer = await text(socket)
    server.closeAllConnections()
    server.close()
    return answer
  }

  it('does not wait for a handler for ever, and tells it', async () => {
    assert.match(await tried('Content-Length: 2\r\n\r\n{}'), /503 it took longer than 0\.1 s/)
    assert.equal(aborted, true)
  })

  it('does not wait for a body for ever', async () => {
    assert.match(await tried('Content-Length: 200\r\n\r\n{'), /408 the body did not arrive within 0\.1 s/)
  })
})

describe('a query', () => {
  const read = (address: string) => Object.fromEntries(queryOf(address))

  it('has each parameter as often as it was given', () => {
    assert.deepEqual(read('/x?a=1&b=&a=2&c&d=e=f&%C3%A9=%20+'), {
      a: ['1', '2'],
      b: [''],
      c: [''],
      d: ['e=f'],
      é: ['  '],
    })
    assert.deepEqual(read('/x'), {})
    assert.deepEqual(read('/x?'), {})
  })

  it('is refused where it is no UTF-8', () => assert.throws(() => queryOf('/x?a=%FF'), Problem))
})
