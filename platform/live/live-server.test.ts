import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket as TcpSocket } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { WebSocket } from 'ws'
import { useAccess } from '../access/access.fixture.ts'
import { passwordOf } from '../access/users.fixture.ts'
import { openFrontDoor } from '../http/front-door.ts'
import { OpenConnections } from '../http/open-connections.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { LiveClient } from '../wire/live-client.ts'
import type { LiveDevice } from '../wire/live.ts'
import { Hub } from './hub.ts'
import { LiveServer } from './live-server.ts'

const unitsMeter: LiveDevice = {
  ...{ deviceId: 'm-1', kind: 'meter', type: 'meter', feederId: 'f-1', priority: null, ofUnit: true, quality: 'good' },
  ...{ at: '2026-11-21T12:00:00.000Z', receivedAt: '2026-11-21T12:00:01.000Z', powerKw: 3, values: { p_kw: 3 } },
}

describe('the live stream over sockets', function () {
  this.timeout(60_000)
  let server: Server
  let hub: Hub
  let live: LiveServer
  const given = useAccess()
  let url: string
  let connections: OpenConnections
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
    connections = new OpenConnections()
    openFrontDoor(server, {
      ...{ access: given.access, connections, isTrusted: () => false, proxiesOnly: false, editor: true },
      ...{ allowedOrigins: new Set<string>(), refused: () => undefined },
    })
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/live`
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    await live.close()
    connections.end()
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
  async function refusal(headers: Record<string, string>): Promise<[status: number, body: string]> {
    const ws = new WebSocket(url, { headers })
    ws.on('error', () => undefined)
    const [, response] = (await once(ws, 'unexpected-response')) as [unknown, IncomingMessage]
    return [response.statusCode!, (await response.toArray()).join('')]
  }

  it('reaches a client, and what changes follows', async () => {
    const { token } = await login()
    hub.publish('commands', 'a-1', { n: 1 } as never)
    const client = connected(token)
    client.subscribe('commands', { maxHz: 10 })
    await waitUntil('the snapshot', () => client.state('commands').size === 1)
    hub.publish('commands', 'a-2', { n: 2 } as never)
    hub.remove('commands', 'a-1')
    await waitUntil('the delta', () => client.version('commands') === 3)
    assert.deepEqual([...client.state('commands')], [['a-2', { n: 2 }]])
  })

  it('takes nobody without a token, with a bad one, or for a page of another site', async () => {
    for (const headers of [{}, { Authorization: 'Bearer x.y.z' }, { Cookie: 'lv_session=x.y.z' }])
      assert.equal((await refusal(headers as Record<string, string>))[0], 401)
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
    const [status, body] = await refusal(bearer(token).headers)
    assert.equal(status, 429)
    assert.equal((JSON.parse(body) as { detail: string }).detail, 'operator has too many clients at the moment')
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

  it('ends with the role, to be had again with the new one', async () => {
    const client = connected((await login()).token)
    client.subscribe('devices', { maxHz: 10 })
    hub.publish('devices', 'm-1', unitsMeter)
    await waitUntil('the power', () => client.state('devices').get('m-1')?.powerKw === 3)
    const [entry] = await given.access.accessLog({ event: 'consumption_read', username: 'operator' }, null, 1)
    assert.deepEqual([entry?.username, entry?.subject, entry?.detail], ['operator', 'live stream, devices', 'all'])
    await given.access.accounts.change('operator', { role: 'viewer' })
    try {
      await waitUntil('the power to be gone', () => client.state('devices').get('m-1')?.powerKw === null, 8_000)
      assert.equal(client.gaps, 0)
    } finally {
      await given.access.accounts.change('operator', { role: 'operator' })
    }
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
    ws.send(Buffer.from('{"type":"subscribe","topic":"commands"}'))
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
    ws.send('{"type":"subscribe","topic":"commands","maxHz":10}')
    await once(ws, 'message')
    tcp.pause()
    return { tcp, ws }
  }

  it('drops a client that reads nothing, holds little of it meanwhile, and serves the others', async () => {
    const { token } = await login()
    const good = connected(token)
    good.subscribe('commands', { maxHz: 10 })
    const { tcp, ws } = await stalled(token)
    const text = 'x'.repeat(2_000)
    let n = 0
    let most = 0
    const change = setInterval(() => {
      n++
      // Two megabytes at a time: no buffer of the operating system holds that for long.
      for (let key = 0; key < 1_000; key++) hub.publish('commands', `a-${key}`, { n, text } as never)
      most = Math.max(most, live.counts.waitingBytes)
    }, 100)
    try {
      await waitUntil('the stalled client to be dropped', () => live.counts.droppedSlow === 1, 40_000)
    } finally {
      clearInterval(change)
    }
    assert.ok(most > 0 && most < 600_000, `${most} bytes waited`)
    await waitUntil('the good client', () => good.version('commands') === hub.state('commands').version)
    assert.ok([...good.state('commands').values()].every((value) => (value as unknown as { n: number }).n === n))
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
