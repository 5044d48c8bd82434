import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket as TcpSocket } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { WebSocket } from 'ws'
import { passwordOf, useAccess } from '../access/access.fixture.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { LiveClient } from '../wire/live-client.ts'
import { Hub } from './hub.ts'
import { LiveServer } from './live-server.ts'

describe('the live stream over sockets', function () {
  this.timeout(60_000)
  let server: Server
  let hub: Hub
  let live: LiveServer
  const given = useAccess()
  let url: string
  const clients: { close(): void }[] = []
  const faults: string[] = []

  beforeEach(async () => {
    server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    hub = new Hub()
    live = new LiveServer({
      hub,
      access: given.access,
      isTrusted: () => false,
      mostClients: 8,
      mostClientsPerUser: 6,
      report: (fault) => faults.push(fault),
    })
    live.attach(server)
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/live`
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    await live.close()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
    assert.deepEqual(faults.splice(0), [])
  })

  const login = async (): Promise<{ token: string; sessionId: string }> => {
    const { token, identity } = (await given.access.login('operator', passwordOf('operator')))!
    return { token, sessionId: identity.sessionId }
  }
  const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })
  const connected = (token: string): LiveClient => {
    const client = new LiveClient({ open: () => new WebSocket(url, bearer(token)) })
    clients.push(client)
    return client
  }
  /** What the server answers to an upgrade that it does not take. */
  async function refusal(headers: Record<string, string>): Promise<[status: number, detail: string]> {
    const ws = new WebSocket(url, { headers })
    ws.on('error', () => undefined)
    const [, response] = (await once(ws, 'unexpected-response')) as [unknown, IncomingMessage]
    const body = JSON.parse((await response.toArray()).join('')) as { detail: string }
    assert.equal(response.headers['content-type'], 'application/problem+json')
    return [response.statusCode!, body.detail]
  }

  it('reaches a client, and what changes follows', async () => {
    const { token } = await login()
    hub.publish('alarms', 'a-1', { n: 1 })
    const client = connected(token)
    client.subscribe('alarms', { maxHz: 10 })
    await waitUntil('the snapshot', () => client.state('alarms').size === 1)
    hub.publish('alarms', 'a-2', { n: 2 })
    hub.remove('alarms', 'a-1')
    await waitUntil('the delta', () => client.version('alarms') === 3)
    assert.deepEqual([...client.state('alarms')], [['a-2', { n: 2 }]])
  })

  it('takes nobody without a token, with a bad one, or for a page of another site', async () => {
    assert.deepEqual(await refusal({}), [401, 'a token is needed'])
    assert.deepEqual(await refusal({ Authorization: 'Bearer x.y.z' }), [401, 'the token is no good, or no longer'])
    const { token } = await login()
    const cookie = `lv_session=${token}`
    assert.equal((await refusal({ Cookie: cookie, Origin: 'https://evil.example' }))[0], 403)
    const ws = new WebSocket(url, {
      headers: { Cookie: cookie },
      origin: url.replace('ws:', 'http:').replace('/api/live', ''),
    })
    clients.push(ws)
    await once(ws, 'open')
  })

  it('takes so many clients, of one user and in all', async () => {
    const { token } = await login()
    const six = Array.from({ length: 6 }, () => connected(token))
    await waitUntil('six clients', () => six.every(({ status }) => status.state === 'connected'))
    assert.deepEqual(await refusal(bearer(token).headers), [429, 'operator has too many clients at the moment'])
    six[0]!.close()
    await waitUntil('one to be gone', () => live.counts.clients === 5)
    connected(token)
    await waitUntil('another one', () => live.counts.clients === 6)
  })

  it('ends with the login, at once, and is not to be had again', async () => {
    const { token, sessionId } = await login()
    const other = await login()
    const [ended, staying] = [connected(token), connected(other.token)]
    await waitUntil('both', () => live.counts.clients === 2)
    await given.access.logout(sessionId)
    await waitUntil('the end', () => ended.status.state === 'ended', 5_000)
    assert.deepEqual(ended.status, { state: 'ended', code: 4401, reason: 'the login has ended' })
    assert.equal(staying.status.state, 'connected')
    assert.equal((await refusal(bearer(token).headers))[0], 401)
  })

  it('ends a client that sends too large a message, and no other', async () => {
    const { token } = await login()
    const staying = connected(token)
    const ws = new WebSocket(url, bearer(token))
    await once(ws, 'open')
    ws.send('x'.repeat(65 * 1024))
    const [code] = (await once(ws, 'close')) as [number]
    assert.equal(code, 1009)
    await waitUntil('the other', () => staying.status.state === 'connected' && live.counts.clients === 1)
  })

  it('answers a binary message like any other that makes no sense', async () => {
    const ws = new WebSocket(url, bearer((await login()).token))
    clients.push(ws)
    const words: string[] = []
    ws.on('message', (data: Buffer) => words.push(data.toString()))
    await once(ws, 'open')
    ws.send(Buffer.from('{"type":"subscribe","topic":"alarms"}'))
    await waitUntil('the answer', () => words.length === 2)
    assert.match(words[1]!, /"code":"bad_message","detail":"not JSON: /)
  })

  /** A client that asks for everything and then reads nothing. */
  async function stalled(token: string): Promise<{ tcp: TcpSocket; ws: WebSocket }> {
    let tcp!: TcpSocket
    const ws = new WebSocket(url, {
      ...bearer(token),
      createConnection: ((options: never) => (tcp = connect(options))) as never,
    })
    ws.on('error', () => undefined)
    await once(ws, 'open')
    ws.send('{"type":"subscribe","topic":"alarms","maxHz":10}')
    await once(ws, 'message')
    tcp.pause()
    return { tcp, ws }
  }

  it('drops a client that reads nothing, holds little of it meanwhile, and serves the others', async () => {
    const { token } = await login()
    const good = connected(token)
    good.subscribe('alarms', { maxHz: 10 })
    const { tcp, ws } = await stalled(token)
    const text = 'x'.repeat(2_000)
    let n = 0
    let most = 0
    const change = setInterval(() => {
      n++
      // Two megabytes at a time: no buffer of the operating system holds that for long.
      for (let key = 0; key < 1_000; key++) hub.publish('alarms', `a-${key}`, { n, text })
      most = Math.max(most, live.counts.waitingBytes)
    }, 100)
    try {
      await waitUntil('the stalled client to be dropped', () => live.counts.droppedSlow === 1, 40_000)
    } finally {
      clearInterval(change)
    }
    assert.ok(most > 0 && most < 600_000, `${most} bytes waited`)
    await waitUntil('the good client', () => good.version('alarms') === hub.state('alarms').version)
    assert.ok([...good.state('alarms').values()].every((value) => value['n'] === n))
    assert.equal(good.gaps, 0)
    assert.equal(live.counts.clients, 1)
    // It finds out when it reads again.
    tcp.resume()
    await once(ws, 'close')
  })

  it('says why it sends a client away, as soon as that reads again', async () => {
    const { token } = await login()
    const { ws } = await stalled(token)
    await live.close()
    const closed = once(ws, 'close')
    ws.resume()
    ;(ws as unknown as { _socket: TcpSocket })._socket.resume()
    const [code, reason] = (await closed) as [number, Buffer]
    assert.deepEqual([code, reason.toString()], [1001, 'the server stops'])
  })
})
