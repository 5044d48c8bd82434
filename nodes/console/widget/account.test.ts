import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { ref } from 'vue'
import { PageSession } from '../../../platform/wire/session.ts'
import { type Account, followAccount } from './account.ts'
import { mountUnseen } from './mounting.fixture.ts'

const maria = { username: 'maria', role: 'operator' }
const answers = {
  open: () => Response.json({ user: maria }),
  over: () => new Response(null, { status: 401 }),
  away: () => Response.error(),
}

describe('the account of the screen', () => {
  let cookie: string
  let answer: keyof typeof answers
  let asked: string[]
  let watched: boolean
  let account: Account
  let takeDown: () => void
  const connected = ref(true)

  const mount = (): void => {
    const session = new PageSession({
      fetch: async (path) => {
        asked.push(path)
        return answers[answer]()
      },
      cookies: () => cookie,
      now: () => 0,
      isVisible: () => true,
      onOccasion() {
        watched = true
        return () => (watched = false)
      },
    })
    takeDown = mountUnseen({
      setup() {
        account = followAccount(connected, session, 5)
        return () => null
      },
    })
  }
  const becomes = async (condition: () => boolean): Promise<void> => {
    for (let left = 200; !condition() && left > 0; left--) await sleep(5)
    assert.ok(condition())
  }

  beforeEach(() => {
    cookie = 'lv_csrf=x'
    answer = 'open'
    asked = []
    watched = false
    connected.value = true
  })
  afterEach(() => takeDown())

  it('is that of whoever is logged in, and is kept', async () => {
    mount()
    await becomes(() => account.user.value?.username === 'maria')
    assert.equal(account.ended.value, false)
    assert.equal(watched, true)
    takeDown()
    assert.equal(watched, false)
  })

  it("is nobody's where there are no users, and nobody is asked", async () => {
    cookie = ''
    mount()
    connected.value = false
    await sleep(20)
    assert.deepEqual([account.user.value, account.ended.value, asked.length], [undefined, false, 0])
  })

  it('has ended when the connection goes and the server says so', async () => {
    mount()
    await becomes(() => account.user.value !== undefined)
    answer = 'over'
    connected.value = false
    await becomes(() => account.ended.value)
    assert.equal(watched, false)
    const before = asked.length
    await sleep(20)
    assert.equal(asked.length, before, 'nobody is asked any more')
  })

  it('has ended when another tab has logged out', async () => {
    mount()
    await becomes(() => account.user.value !== undefined)
    cookie = ''
    connected.value = false
    await becomes(() => account.ended.value)
    assert.equal(asked.length, 1)
  })

  it('goes on when only the server was away', async () => {
    mount()
    await becomes(() => account.user.value !== undefined)
    answer = 'away'
    connected.value = false
    const before = asked.length
    await becomes(() => asked.length > before + 2)
    assert.equal(account.ended.value, false)
    answer = 'open'
    connected.value = true
    await sleep(20)
    assert.equal(account.ended.value, false)
  })

  it('has ended when it turns out so after the server was away', async () => {
    mount()
    await becomes(() => account.user.value !== undefined)
    answer = 'away'
    connected.value = false
    await becomes(() => asked.length > 2)
    answer = 'over'
    await becomes(() => account.ended.value)
  })

  it('follows a change of role', async () => {
    mount()
    await becomes(() => account.user.value !== undefined)
    connected.value = false
    await sleep(0)
    answers.open = () => Response.json({ user: { ...maria, role: 'viewer' } })
    connected.value = true
    await becomes(() => account.user.value?.role === 'viewer')
    answers.open = () => Response.json({ user: maria })
  })

  it('is over once logged out', async () => {
    mount()
    assert.equal(await account.logOut(), true)
    answer = 'away'
    assert.equal(await account.logOut(), false)
  })
})
