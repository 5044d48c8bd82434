import { setTimeout as sleep } from 'node:timers/promises'
import { classOf } from '../../nodes/commands/domain/classes.ts'
import { requestHashOf, type CommandRequest } from '../../nodes/commands/requests/command-request.ts'
import { passwordOf } from '../../platform/access/users.fixture.ts'
import type { Visitor } from '../users.fixture.ts'

/** What became of a request. */
export interface Told {
  /** Undefined: it was refused. */
  readonly command: { readonly commandId: string; readonly state: string; readonly bodyHash: string } | undefined
  /** Why it was refused, for counting. */
  readonly code: string
}

/** After a fault it is asked again so often, ms. */
const againAfterMs = 250

/**
 * Those who want something of devices, over HTTP, and go on asking until somebody answers: with the same key, for what they asked
 * before may have been heard.
 */
export class People {
  readonly #author: Visitor
  readonly #approver: Visitor
  readonly #isLost: () => boolean
  readonly #signal: AbortSignal
  /** One password at a time: who gives several at once is taken for somebody who guesses. */
  #proving: Promise<unknown> = Promise.resolve()

  /**
   * @param isLost  whether the next answer never reaches them
   * @param signal  they give up
   */
  constructor(author: Visitor, approver: Visitor, isLost: () => boolean, signal: AbortSignal) {
    this.#author = author
    this.#approver = approver
    this.#isLost = isLost
    this.#signal = signal
  }

  /** @param keyOf  the key of the n-th time that it is sent, which is the same for all who know what they do */
  async ask(wanted: Omit<CommandRequest, 'idempotencyKey'>, keyOf: (n: number) => string): Promise<Told> {
    return this.#untilAnswered(async (n) => {
      const request: CommandRequest = { ...wanted, idempotencyKey: keyOf(n) }
      const proof = classOf(wanted.type).needsProof ? await this.#prove(request) : undefined
      return this.#author.fetch('/api/commands', json({ ...request, ...(proof !== undefined && { proof }) }))
    })
  }

  approve(commandId: string, bodyHash: string): Promise<Told> {
    return this.#decide(this.#approver, commandId, 'approve', { bodyHash })
  }

  reject(commandId: string): Promise<Told> {
    return this.#decide(this.#approver, commandId, 'reject', { reason: 'not today' })
  }

  cancel(commandId: string): Promise<Told> {
    return this.#decide(this.#author, commandId, 'cancel', { reason: 'not needed any more' })
  }

  /** Says how a command ended of which nobody else knows. */
  release(commandId: string, wasDone: boolean): Promise<Told> {
    return this.#decide(this.#approver, commandId, 'release', {
      as: wasDone ? 'done' : 'not_done',
      reason: 'somebody has looked',
    })
  }

  #decide(by: Visitor, commandId: string, decision: string, body: object): Promise<Told> {
    return this.#untilAnswered(() => by.fetch(`/api/commands/${commandId}/${decision}`, json(body)))
  }

  #prove(request: CommandRequest): Promise<string> {
    const proof = this.#proving.then(() => this.#giveProof(request))
    this.#proving = proof.catch(() => undefined)
    return proof
  }

  async #giveProof(request: CommandRequest): Promise<string> {
    const bodyHash = requestHashOf(request)
    const body = { password: passwordOf('operator'), action: 'command', target: request.deviceId, bodyHash }
    const response = await this.#author.fetch('/api/auth/proof', json(body))
    if (!response.ok) throw new Error(`no proof: ${response.status} ${await response.text()}`)
    return ((await response.json()) as { proof: string }).proof
  }

  /** A faulty answer is none; a refusal is one. */
  async #untilAnswered(send: (n: number) => Promise<Response>): Promise<Told> {
    for (let n = 0; ; n++) {
      this.#signal.throwIfAborted()
      try {
        const response = await send(n)
        if (this.#isLost()) continue
        const body = (await response.json()) as { commandId: string; state: string; bodyHash: string; code?: string }
        if (response.ok) return { command: body, code: 'accepted' }
        // Its proof was used by the first one of the same request, or nobody was there who could answer.
        const isAnswer =
          response.status < 500 && response.status !== 401 && body.code !== 'proof-refused' && response.status !== 429
        if (isAnswer) return { command: undefined, code: body.code ?? String(response.status) }
      } catch {
        // The platform is being killed: whether it has heard nobody knows.
      }
      await sleep(againAfterMs, undefined, { signal: this.#signal })
    }
  }
}

const json = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})
