import assert from 'node:assert/strict'
import { ApiFault } from '../../connection/api.ts'
import type { ListedCommand } from './answers.ts'
import { acceptedCommand, draft, emptyShelf } from './intent.fixture.ts'
import { IntentKeeper, type CommandRequest } from './intent.ts'
import { Sending } from './sending.ts'

const expiresAt = '2026-11-22T12:10:00.000Z'

/** The platform as it accepts commands: once for a key, whether its answers arrive or not. */
class Platform {
  readonly accepted = new Map<string, ListedCommand>()
  readonly passwords: string[] = []
  needsProof = true
  /** What happens on the way: of the request, of its answer. */
  lost: 'nothing' | 'request' | 'answer' = 'nothing'
  refuses: ApiFault | undefined

  async get<Answer>(): Promise<Answer> {
    if (this.lost !== 'nothing') throw new ApiFault(0, 'away')
    return { items: [...this.accepted.values()], nextCursor: null } as Answer
  }

  async send<Answer>(_method: string, path: string, body?: object): Promise<Answer> {
    if (path === '/api/commands/dry-run') {
      if (this.lost === 'request') throw new ApiFault(0, 'away')
      return { expiresAt, requestHash: 'a'.repeat(64), needsProof: this.needsProof } as Answer
    }
    if (path === '/api/auth/proof') {
      const { password } = body as { password: string }
      this.passwords.push(password)
      if (password !== 'right')
        throw new ApiFault(403, 'wrong password', [{ field: 'body.password', problem: 'is wrong' }])
      return { proof: 'proof' } as Answer
    }
    return this.#accept(body as CommandRequest & { proof?: string }) as Answer
  }

  #accept({ idempotencyKey, proof, ...request }: CommandRequest & { proof?: string }): ListedCommand {
    if (this.lost === 'request') throw new ApiFault(0, 'away')
    if (this.refuses) throw this.refuses
    const known = this.accepted.get(idempotencyKey)
    if (!known && this.needsProof) assert.equal(proof, 'proof')
    const command = known ?? {
      ...{ ...acceptedCommand, commandId: `c-${this.accepted.size + 1}` },
      ...{ expiresAt: request.expiresAt!, reason: request.reason! },
    }
    this.accepted.set(idempotencyKey, command)
    if (this.lost === 'answer') throw new ApiFault(0, 'away')
    return command
  }
}

describe('sending what somebody has decided on', () => {
  let platform: Platform
  let shelf: ReturnType<typeof emptyShelf>
  const sendingOf = (): Sending => new Sending(platform, new IntentKeeper(shelf, 'operator'), 'operator')
  let sending: Sending
  beforeEach(() => {
    platform = new Platform()
    shelf = emptyShelf()
    sending = sendingOf()
  })

  it('proves who asks, for this request, and has its command', async () => {
    await sending.send(draft, 'right')
    assert.deepEqual(sending.state.value, { at: 'accepted', commandId: 'c-1' })
    assert.deepEqual(platform.passwords, ['right'])
    assert.equal(sendingOf().state.value.at, 'idle')
  })

  it('asks for no password where the class takes none', async () => {
    platform.needsProof = false
    await sending.send(draft, '')
    assert.deepEqual([sending.state.value.at, platform.passwords], ['accepted', []])
  })

  it('sends nothing with a wrong password, and takes another one for the same intent', async () => {
    await sending.send(draft, 'wrong')
    assert.equal(sending.state.value.at, 'refused')
    assert.equal(platform.accepted.size, 0)
    await sending.sendAgain('right')
    assert.equal(sending.state.value.at, 'accepted')
  })

  it('looks what became of a request whose answer was lost, and does not send it again', async () => {
    platform.lost = 'answer'
    await sending.send(draft, 'right')
    assert.equal(sending.state.value.at, 'unanswered')
    await sending.lookAfter()
    assert.equal(sending.state.value.at, 'unanswered')
    platform.lost = 'nothing'
    await sending.lookAfter()
    assert.deepEqual(sending.state.value, { at: 'accepted', commandId: 'c-1' })
    assert.equal(platform.accepted.size, 1)
  })

  it('says that a request which never arrived was not accepted, and sends it again under its key', async () => {
    platform.needsProof = false
    platform.lost = 'answer'
    await sending.send(draft, '')
    const [key] = platform.accepted.keys()
    platform.accepted.clear()
    platform.lost = 'nothing'
    await sending.lookAfter()
    assert.equal(sending.state.value.at, 'absent')
    await sending.sendAgain('')
    assert.deepEqual([...platform.accepted.keys()], [key])
    assert.equal(sending.state.value.at, 'accepted')
  })

  it('keeps what is sent again and refused, with why, until somebody gives it up', async () => {
    platform.lost = 'answer'
    await sending.send(draft, 'right')
    platform.accepted.clear()
    platform.lost = 'nothing'
    await sending.lookAfter()
    await sending.sendAgain('wrong')
    const { value } = sending.state
    assert.deepEqual([value.at, 'fault' in value && value.fault?.status], ['absent', 403])
    platform.refuses = new ApiFault(409, 'tagged')
    await sending.sendAgain('right')
    assert.equal(sendingOf().state.value.at, 'unanswered')
    sending.leave()
    assert.deepEqual([sending.state.value.at, sendingOf().state.value.at], ['idle', 'idle'])
  })

  it('has one command where it is sent again after its answer was lost', async () => {
    platform.lost = 'answer'
    await sending.send(draft, 'right')
    platform.lost = 'nothing'
    await sending.sendAgain('right')
    assert.deepEqual([sending.state.value.at, platform.accepted.size], ['accepted', 1])
  })

  it('knows after a reload of the page what was not answered', async () => {
    platform.lost = 'answer'
    await sending.send(draft, 'right')
    const reloaded = sendingOf()
    assert.equal(reloaded.state.value.at, 'unanswered')
    platform.lost = 'nothing'
    await reloaded.lookAfter()
    assert.deepEqual(reloaded.state.value, { at: 'accepted', commandId: 'c-1' })
  })

  it('has sent nothing where nobody answered the dry run', async () => {
    platform.lost = 'request'
    await sending.send(draft, 'right')
    assert.deepEqual([sending.state.value.at, platform.passwords.length], ['refused', 0])
    assert.equal(sendingOf().state.value.at, 'idle')
  })

  it('forgets what was refused: another attempt is another intent', async () => {
    platform.refuses = new ApiFault(409, 'tagged')
    await sending.send(draft, 'right')
    assert.equal(sending.state.value.at, 'refused')
    assert.equal(sendingOf().state.value.at, 'idle')
    sending.leave()
    assert.equal(sending.state.value.at, 'idle')
  })
})
