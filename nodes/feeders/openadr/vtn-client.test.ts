import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { VtnClient, VtnFault, type VtnSettings } from './vtn-client.ts'
import { useVtn } from './vtn.fixture.ts'

describe('the client of a VTN', () => {
  const vtn = useVtn()
  let now = Date.UTC(2026, 10, 23)
  const never = new AbortController().signal
  const client = (of: Partial<VtnSettings> = {}): VtnClient =>
    new VtnClient({
      ...{ url: vtn.url, clientId: vtn.clientId, clientSecret: vtn.clientSecret, clock: { now: () => now } },
      ...of,
    })
  const fault = async (asking: Promise<unknown>, expected: RegExp): Promise<VtnFault> => {
    try {
      await asking
    } catch (error) {
      assert.ok(error instanceof VtnFault, String(error))
      assert.match(error.message, expected)
      assert.ok(!error.message.includes(vtn.clientSecret))
      return error
    }
    throw new Error('it was answered')
  }
  const tokens = (): number => vtn.asked.filter((what) => what === 'POST /auth/token').length

  beforeEach(() => {
    vtn.reset()
    now = Date.UTC(2026, 10, 23)
  })

  it('reads a list to its end, also where pages are smaller than it asks for', async () => {
    for (let n = 0; n < 7; n++) vtn.putProgram(`p${n}`)
    vtn.mood = { pageSize: 3 }
    const programs = (await client().list('/programs', [], never)) as { id: string }[]
    assert.deepEqual(
      programs.map(({ id }) => id),
      ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6'],
    )
    assert.deepEqual(
      vtn.asked.filter((what) => what.includes('/programs')).map((what) => /skip=(\d+)/.exec(what)![1]),
      ['0', '3', '6', '7'],
    )
  })

  it('takes what has not changed from what it knows', async () => {
    vtn.putProgram('p1')
    const one = client()
    const first = await one.list('/programs', [], never)
    assert.deepEqual(await one.list('/programs', [], never), first)
    vtn.putProgram('p1', { programName: 'another' })
    assert.notDeepEqual(await one.list('/programs', [], never), first)
  })

  it('gives up a list that never ends, or has too much', async () => {
    vtn.putProgram('p1')
    vtn.mood = { ignoresSkip: true }
    await fault(client().list('/programs', [], never), /every page is the same/)
    vtn.mood = { pageSize: 1 }
    vtn.putProgram('p2')
    await fault(client({ mostObjects: 1 }).list('/programs', [], never), /more than 1 objects are not read/)
  })

  it('asks for a token once, and anew before it runs out or when it is taken back', async () => {
    const one = client()
    await one.list('/programs', [], never)
    await one.list('/programs', [], never)
    assert.equal(tokens(), 1)
    now += 3_600_000 - 20_000
    await one.list('/programs', [], never)
    assert.equal(tokens(), 2)
    vtn.forgetTokens()
    await one.list('/programs', [], never)
    assert.equal(tokens(), 3)
  })

  it('asks for a token of seconds anew at half its time', async () => {
    vtn.mood = { tokenSeconds: 10 }
    const one = client()
    await one.list('/programs', [], never)
    now += 4_000
    await one.list('/programs', [], never)
    assert.equal(tokens(), 1)
    now += 2_000
    await one.list('/programs', [], never)
    assert.equal(tokens(), 2)
  })

  it('says why it gets no token', async () => {
    await fault(
      client({ clientSecret: 'wrong' }).list('/programs', [], never),
      /^the token: the VTN answers 400: invalid_client/,
    )
  })

  it('gives its secret to no address that is not encrypted', async () => {
    for (const tokenUrl of [
      'http://elsewhere.example/token',
      'ftp://127.0.0.1/',
      'https://user:x@id.example/',
      'nowhere',
    ]) {
      vtn.mood = { tokenUrl }
      const asked = vtn.asked.length
      if (tokenUrl === 'nowhere') continue
      await fault(client().list('/programs', [], never), /tokenURL is .*: it takes https/)
      assert.deepEqual(vtn.asked.slice(asked), ['GET /auth/server'])
    }
    vtn.mood = { tokenUrl: `${vtn.url}/auth/token` }
    assert.deepEqual(await client().list('/programs', [], never), [])
  })

  it('follows no redirect', async () => {
    vtn.mood = { status: 302, headers: { location: 'http://127.0.0.1:1/' } }
    await fault(client().list('/programs', [], never), /^GET \/programs.*the VTN answers 302/)
  })

  it('names what a VTN says that does not answer as it should', async () => {
    vtn.mood = { status: 500 }
    assert.equal((await fault(client().list('/events', [], never), /answers 500: as it was told to/)).status, 500)
    vtn.mood = { status: 503, headers: { 'retry-after': '120' } }
    assert.equal((await fault(client().list('/events', [], never), /busy \(503\)/)).retryAfterMs, 120_000)
    vtn.mood = { body: 'no JSON' }
    await fault(client().list('/events', [], never), /the answer is no JSON/)
    vtn.mood = { body: '{"events":[]}' }
    await fault(client().list('/events', [], never), /\/events is no list/)
  })

  it('waits for no answer for ever, and reads none without end', async () => {
    vtn.mood = { delayMs: 5_000 }
    await fault(client({ timeoutMs: 60 }).list('/events', [], never), /no answer within 60 ms/)
    vtn.mood = { body: `["${'x'.repeat(10_000)}"]` }
    await fault(client({ mostAnswerBytes: 1_000 }).list('/events', [], never), /more than 1000 bytes is not read/)
  })

  it('says so where nobody answers', async () => {
    await fault(client({ url: 'http://127.0.0.1:1' }).list('/events', [], never), /ECONNREFUSED|bad port/)
  })

  it('finds one by its name, or not', async () => {
    vtn.putProgram('p1')
    assert.equal(((await client().find('/programs/p1', never)) as { id: string }).id, 'p1')
    assert.equal(await client().find('/programs/p2', never), undefined)
  })
})
