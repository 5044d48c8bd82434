import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'mocha'
import { limitAddresses, RequestLimit } from './limits.ts'
import { Problem } from './problem.ts'

describe('a limit of requests', () => {
  it('lets so many through a minute, and says when there are more again', async () => {
    const limit = new RequestLimit('user', 2)
    assert.match(String((await limit.take('ana'))['RateLimit']), /^"user";r=1;t=60$/)
    await limit.take('ana')
    const refused = await limit.take('ana').catch((error: unknown) => error)
    assert.ok(refused instanceof Problem)
    assert.deepEqual([refused.status, refused.message], [429, 'more than 2 requests a minute'])
    assert.match(String(refused.headers['Retry-After']), /^[1-9]\d?$/)
    await limit.take('bia')
  })

  it('remembers no more callers than it has places for: then they share one', async () => {
    const limit = new RequestLimit('address', 1)
    let admitted = 0
    for (let n = 0; n < 25_000; n++) {
      const refused = await limit.take(`caller ${n}`).catch((error: unknown) => error)
      if (!(refused instanceof Problem)) admitted++
    }
    assert.ok(admitted > 10_000 && admitted <= 16_384, `${admitted} of 25,000 have a place of their own`)
  })

  it('stands before what is not of the API, too', async () => {
    const guard = limitAddresses(new RequestLimit('address', 2), () => false)
    const server = createServer((request, response) => guard(request, response, () => response.end('through')))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const ask = async () => {
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      return [response.status, await response.text(), response.headers.has('retry-after')]
    }
    try {
      await ask()
      assert.deepEqual(await ask(), [200, 'through', false])
      assert.deepEqual(await ask(), [429, 'more than 2 requests a minute\n', true])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
