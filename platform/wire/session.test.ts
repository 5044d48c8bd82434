import assert from 'node:assert/strict'
import { PageSession, refreshEveryMs, sessionOf, type Page } from './session.ts'

const maria = { username: 'maria', role: 'operator' }

/** A page whose server answers as told, and that notes what was asked. */
class TestPage implements Page {
  readonly asked: string[] = []
  cookie = 'lv_language=pt-BR; lv_csrf=c-s_rf'
  at = 0
  visible = true
  answers: Record<string, Response | (() => Promise<Response>)> = {}
  #check: (() => void) | undefined

  sent: string | undefined

  async fetch(path: string, { method, headers, body }: Parameters<Page['fetch']>[1]): Promise<Response> {
    this.asked.push(`${method} ${path} ${headers['X-CSRF-Token'] ?? ''}`.trim())
    this.sent = body
    const answer = this.answers[path]
    if (answer === undefined) throw new TypeError('nobody answers')
    return typeof answer === 'function' ? answer() : answer.clone()
  }
  cookies = (): string => this.cookie
  now = (): number => this.at
  isVisible = (): boolean => this.visible
  onOccasion(check: () => void): () => void {
    this.#check = check
    return () => (this.#check = undefined)
  }
  get isWatched(): boolean {
    return this.#check !== undefined
  }
  /** The time is this; what follows from it has been done. */
  async becomes(at: number): Promise<void> {
    this.at = at
    this.#check?.()
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  }
}

const open = (): Response => Response.json({ user: maria })
const status = (code: number): Response => new Response(null, { status: code })

describe('the session of a page', () => {
  let page: TestPage
  let session: PageSession
  beforeEach(() => {
    page = new TestPage()
    session = new PageSession(page)
  })

  it('is likely where there is the cookie that says so', () => {
    assert.ok(session.isLikely)
    for (const cookie of ['', 'lv_language=pt-BR', 'x_lv_csrf=1', 'lv_csrf=']) {
      page.cookie = cookie
      assert.ok(!session.isLikely, cookie)
    }
  })

  it('tells who is logged in', async () => {
    page.answers = { '/api/auth/me': open() }
    assert.deepEqual(await session.ask(), { user: maria })
  })

  it('gets another token where the one at hand has expired', async () => {
    page.answers = { '/api/auth/me': status(401), '/api/auth/refresh': open() }
    assert.deepEqual(await session.ask(), { user: maria })
    assert.deepEqual(page.asked, ['GET /api/auth/me c-s_rf', 'POST /api/auth/refresh c-s_rf'])
  })

  it('has ended where there is no other token, or nothing to get one with', async () => {
    page.answers = { '/api/auth/me': status(401), '/api/auth/refresh': status(401) }
    assert.equal(await session.ask(), 'ended')
    page.cookie = ''
    page.asked.length = 0
    assert.equal(await session.ask(), 'ended')
    assert.deepEqual(page.asked, ['GET /api/auth/me'])
  })

  it('is not taken for ended where the server is away, or says nothing of use', async () => {
    assert.equal(await session.ask(), 'away')
    for (const answer of [
      status(503),
      status(404),
      status(429),
      new Response('<html>'),
      Response.json({}),
      Response.json(null),
    ]) {
      page.answers = { '/api/auth/me': answer }
      assert.equal(await session.ask(), 'away')
    }
  })

  it('has ended where a refresh is refused for good', async () => {
    for (const code of [400, 401, 403]) {
      page.answers = { '/api/auth/refresh': status(code) }
      assert.equal(await session.refresh(), 'ended')
    }
  })

  it('begins with name and password, and says what came of it', async () => {
    page.answers = { '/api/auth/login': new Response(null, { status: 429, headers: { 'Retry-After': '7' } }) }
    assert.deepEqual(await session.logIn('maria', 'x'), { status: 429, retryAfter: '7' })
    assert.deepEqual(JSON.parse(page.sent!), { username: 'maria', password: 'x', cookies: true })
    page.answers = { '/api/auth/password': status(204) }
    assert.deepEqual(await session.changePassword('x', 'y'), { status: 204, retryAfter: null })
    assert.deepEqual(JSON.parse(page.sent!), { presentPassword: 'x', password: 'y' })
    assert.match(page.asked.at(-1)!, /^POST \/api\/auth\/password c-s_rf$/)
    page.answers = {}
    assert.equal(await session.logIn('maria', 'x'), undefined)
  })

  it('is over once the server has ended it, or knows none', async () => {
    page.answers = { '/api/auth/logout': status(204) }
    assert.equal(await session.logOut(), true)
    assert.deepEqual(page.asked, ['POST /api/auth/logout c-s_rf'])
    page.answers = { '/api/auth/logout': status(401) }
    assert.equal(await session.logOut(), true)
    page.answers = { '/api/auth/logout': status(403) }
    assert.equal(await session.logOut(), false)
    page.answers = {}
    assert.equal(await session.logOut(), false)
  })

  describe('is kept', () => {
    let ended: number
    let stop: () => void
    beforeEach(() => {
      ended = 0
      stop = session.keep(() => ended++)
    })

    it('by asking for another token every twenty minutes', async () => {
      page.answers = { '/api/auth/refresh': open() }
      await page.becomes(refreshEveryMs - 1)
      assert.equal(page.asked.length, 0)
      await page.becomes(refreshEveryMs)
      assert.equal(page.asked.length, 1)
      await page.becomes(2 * refreshEveryMs - 1)
      assert.equal(page.asked.length, 1)
      await page.becomes(2 * refreshEveryMs)
      assert.equal(page.asked.length, 2)
    })

    it('only while somebody may be looking, and at once when they look again', async () => {
      page.answers = { '/api/auth/refresh': open() }
      page.visible = false
      await page.becomes(9 * refreshEveryMs)
      assert.equal(page.asked.length, 0)
      page.visible = true
      await page.becomes(9 * refreshEveryMs + 1)
      assert.equal(page.asked.length, 1)
    })

    it('through an outage of the server', async () => {
      await page.becomes(refreshEveryMs)
      await page.becomes(refreshEveryMs + 60_000)
      assert.deepEqual([page.asked.length, ended], [2, 0])
      page.answers = { '/api/auth/refresh': open() }
      await page.becomes(refreshEveryMs + 120_000)
      await page.becomes(refreshEveryMs + 180_000)
      assert.deepEqual([page.asked.length, ended], [3, 0])
    })

    it('by one question at a time', async () => {
      let answer: (response: Response) => void = () => undefined
      page.answers = { '/api/auth/refresh': () => new Promise((resolve) => (answer = resolve)) }
      await page.becomes(refreshEveryMs)
      await page.becomes(2 * refreshEveryMs)
      assert.equal(page.asked.length, 1)
      answer(open())
    })

    it('until it has ended, which is told once', async () => {
      page.answers = { '/api/auth/refresh': status(401) }
      await page.becomes(refreshEveryMs)
      await page.becomes(9 * refreshEveryMs)
      assert.deepEqual([page.asked.length, ended, page.isWatched], [1, 1, false])
    })

    it('until it is left alone', async () => {
      stop()
      await page.becomes(9 * refreshEveryMs)
      assert.deepEqual([page.asked.length, ended], [0, 0])
    })
  })

  it('is that of a document, whose listeners go when it is no longer kept', () => {
    const listeners = new Set<() => void>()
    const kept = sessionOf({
      cookie: 'lv_csrf=x',
      visibilityState: 'visible',
      addEventListener: (_event, listener) => listeners.add(listener),
      removeEventListener: (_event, listener) => listeners.delete(listener),
    })
    assert.ok(kept.isLikely)
    const stop = kept.keep(() => assert.fail('it has not ended'))
    assert.equal(listeners.size, 1)
    stop()
    assert.equal(listeners.size, 0)
  })
})
