import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSocketServer, type AddressInfo } from 'node:net'
import { afterEach, describe, it } from 'mocha'
import { parseOutsideHosts } from './outside-hosts.ts'
import { postOutside, type OutsideLimits, type Resolver } from './outside-request.ts'

describe('postOutside', function () {
  this.timeout(60_000)
  const servers: (Server | ReturnType<typeof createSocketServer>)[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  async function serve(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<{ port: number; requests: IncomingMessage[] }> {
    const requests: IncomingMessage[] = []
    const server = createServer((request, response) => {
      requests.push(request)
      request.resume()
      request.on('end', () => answer(request, response))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    return { port: (server.address() as AddressInfo).port, requests }
  }
  const send = (address: string, allowed: string, more: Partial<OutsideLimits> = {}) =>
    postOutside(
      new URL(address),
      { 'content-type': 'application/json' },
      '{"é":1}',
      { hosts: parseOutsideHosts(allowed)!, production: false, timeoutMs: 2_000, mostAnswerBytes: 1_000, ...more },
      new AbortController().signal,
    )
  const resolving =
    (...answers: string[][]): Resolver =>
    (_, found) =>
      found(
        null,
        (answers.length > 1 ? answers.shift()! : answers[0]!).map((address) => ({
          address,
          family: address.includes(':') ? 6 : 4,
        })),
      )

  it('sends to a host that is named as private on purpose', async () => {
    const { port, requests } = await serve((_, response) => response.writeHead(204).end())
    assert.deepEqual(await send(`http://127.0.0.1:${port}/x?y`, `private:127.0.0.1:${port}`), { status: 204, body: '' })
    assert.deepEqual(
      [requests[0]!.method, requests[0]!.url, requests[0]!.headers['content-length']],
      ['POST', '/x?y', '8'],
    )
  })

  it('sends to no address of this machine or network that is not named as such, however it is spelled', async () => {
    const { port, requests } = await serve((_, response) => response.end())
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '127.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
      '[64:ff9b::7f00:1]',
    ]) {
      const named = new URL(`https://${host}:${port}`).host
      await assert.rejects(
        send(`https://${host}:${port}/`, named),
        new RegExp(`not on the public internet: WEBHOOK_HOSTS takes private:.*:${port} where`),
        host,
      )
    }
    assert.equal(requests.length, 0)
  })

  it('looks at every address that a name has', async () => {
    for (const addresses of [
      ['127.0.0.1'],
      ['1.1.1.1', '169.254.169.254'],
      ['::1'],
      ['::ffff:10.0.0.1'],
      ['2606:4700::1', 'fd00::1'],
    ])
      await assert.rejects(
        send('https://hooks.example.com/', 'hooks.example.com', { resolve: resolving(addresses) }),
        /hooks\.example\.com is at .*, which is not on the public internet/,
      )
    await assert.rejects(
      send('https://hooks.example.com/', 'hooks.example.com', { resolve: resolving([]) }),
      /has no address/,
    )
  })

  it('connects to what it has looked at: a name that says something else when asked again does not matter', async () => {
    const { port, requests } = await serve((_, response) => response.end())
    let asked = 0
    const rebinding: Resolver = (_, found) => {
      asked++
      // First an address at which nobody is, then this machine.
      found(null, [{ address: asked === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }])
    }
    const allowed = `private:localhost:${port}`
    await assert.rejects(send(`http://localhost:${port}/`, allowed, { resolve: rebinding, timeoutMs: 500 }))
    assert.deepEqual([asked, requests.length], [1, 0])
  })

  it('follows no redirect', async () => {
    const inner = await serve((_, response) => response.end())
    for (const location of [`http://127.0.0.1:${inner.port}/`, 'http://169.254.169.254/latest/meta-data/']) {
      const { port } = await serve((_, response) => response.writeHead(307, { location }).end())
      assert.equal((await send(`http://127.0.0.1:${port}/`, `private:127.0.0.1:${port}`)).status, 307)
    }
    assert.equal(inner.requests.length, 0)
  })

  it('reads no more of an answer than it may', async () => {
    let written = 0
    const { port } = await serve((_, response) => {
      response.writeHead(500)
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536
        if (!response.destroyed) response.once('drain', write)
      }
      write()
    })
    const { status, body } = await send(`http://127.0.0.1:${port}/`, `private:127.0.0.1:${port}`)
    assert.deepEqual([status, body.length], [500, 1_000])
    assert.ok(written < 100_000_000)
  })

  it('waits no longer than it may: for a connection, an answer, or its end', async () => {
    const silent = createSocketServer((socket) => socket.resume())
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    servers.push(silent)
    const drip = await serve((_, response) => {
      response.writeHead(500)
      const timer = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(timer))
    })
    for (const port of [(silent.address() as AddressInfo).port, drip.port])
      await assert.rejects(
        send(`http://127.0.0.1:${port}/`, `private:127.0.0.1:${port}`, { timeoutMs: 300 }),
        /did not answer within 300 ms/,
      )
    const never: Resolver = () => undefined
    await assert.rejects(
      send('https://hooks.example.com/', 'hooks.example.com', { resolve: never, timeoutMs: 300 }),
      /did not answer within 300 ms/,
    )
  })

  it('refuses headers that are larger than it takes, and what is no HTTP', async () => {
    const { port } = await serve((_, response) => response.writeHead(200, { 'x-large': 'x'.repeat(20_000) }).end())
    await assert.rejects(send(`http://127.0.0.1:${port}/`, `private:127.0.0.1:${port}`))
    await assert.rejects(
      postOutside(
        new URL(`http://127.0.0.1:${port}/`),
        { 'x-a': 'a\r\nx-b: b' },
        '',
        {
          hosts: parseOutsideHosts(`private:127.0.0.1:${port}`)!,
          production: false,
          timeoutMs: 500,
          mostAnswerBytes: 10,
        },
        new AbortController().signal,
      ),
      /Invalid character in header/,
    )
  })
})
