import { shallowRef, type ShallowRef } from 'vue'
import type { ListPage } from '../../connection/api.ts'
import { type Api, ApiFault } from '../../connection/api.ts'
import type { DryRun, ListedCommand } from './answers.ts'
import { cameOf, type Draft, type Intent, type IntentKeeper, newKey, requestOf } from './intent.ts'

/** How far the sending of a request is. */
export type SendingState =
  | { readonly at: 'idle' }
  | { readonly at: 'sending' }
  /** It stands, whoever was told so. */
  | { readonly at: 'accepted'; readonly commandId: string }
  /** Nothing came of it; without an intent it has not left this page. */
  | { readonly at: 'refused'; readonly intent: Intent | undefined; readonly fault: ApiFault }
  /** Sent, and not answered: it may have been accepted. */
  | { readonly at: 'unanswered'; readonly intent: Intent }
  /** Looked for once the server answered again: it has not been accepted. With a fault it was sent again since, and refused. */
  | { readonly at: 'absent'; readonly intent: Intent; readonly fault?: ApiFault }

/** Sends what somebody decided on, once, however often the connection is lost in between. */
export class Sending {
  readonly state: ShallowRef<SendingState> = shallowRef({ at: 'idle' })
  readonly #api: Pick<Api, 'get' | 'send'>
  readonly #keeper: IntentKeeper
  readonly #username: string

  /** Takes up what this window sent before its page was loaded again. */
  constructor(api: Pick<Api, 'get' | 'send'>, keeper: IntentKeeper, username: string) {
    this.#api = api
    this.#keeper = keeper
    this.#username = username
    const { kept } = keeper
    if (kept) this.state.value = { at: 'unanswered', intent: kept }
  }

  /**
   * Asks for what is filled in, as a new intent.
   * @param password  where the class takes it again
   */
  async send(draft: Draft, password: string): Promise<void> {
    this.state.value = { at: 'sending' }
    try {
      await this.#sendIntent(await this.#intentOf(draft), password)
    } catch (error) {
      this.#refuse(error, undefined)
    }
  }

  /** Sends the same intent again: accepted before, it is the same command. */
  async sendAgain(password: string): Promise<void> {
    const { state } = this
    const intent = 'intent' in state.value ? state.value.intent : undefined
    if (!intent) return
    const isKept = this.#keeper.kept !== undefined
    state.value = { at: 'sending' }
    await this.#sendIntent(intent, password)
    // What stands beside the form stays there until somebody gives it up.
    const after = this.state.value as SendingState
    if (!isKept || after.at !== 'refused') return
    state.value = { at: 'absent', intent, fault: after.fault }
    this.#keeper.keep(intent)
  }

  /** Looks what became of what was not answered; while nobody answers still, nothing changes. */
  async lookAfter(): Promise<void> {
    const { value } = this.state
    if (value.at !== 'unanswered') return
    const { deviceId } = value.intent.request
    const query = { deviceId, requestedBy: this.#username, limit: 100 }
    try {
      const { items } = await this.#api.get<ListPage<ListedCommand>>('/api/commands', query)
      if (this.state.value !== value) return
      const command = cameOf(value.intent, items)
      if (command) this.#accept(command.commandId)
      else this.state.value = { at: 'absent', intent: value.intent }
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error
    }
  }

  /** Gives up what was not accepted. */
  leave(): void {
    this.#keeper.forget()
    this.state.value = { at: 'idle' }
  }

  /** The expiry is fixed by the platform's clock first: a request that is sent again later must not live longer for it. */
  async #intentOf(draft: Draft): Promise<Intent> {
    const key = newKey()
    const ask = (expiresAt?: string): Promise<DryRun> =>
      this.#api.send<DryRun>('POST', '/api/commands/dry-run', requestOf(draft, key, expiresAt))
    const { expiresAt } = await ask()
    const { requestHash, needsProof } = await ask(expiresAt)
    return { request: requestOf(draft, key, expiresAt), requestHash, needsProof }
  }

  async #sendIntent(intent: Intent, password: string): Promise<void> {
    let proof: string | undefined
    try {
      if (intent.needsProof) proof = await this.#prove(intent, password)
    } catch (error) {
      // What had been sent before stays in doubt, whatever became of the proof.
      return this.#keeper.kept && isUnheard(error) ? this.#doubt(intent) : this.#refuse(error, intent)
    }
    this.#keeper.keep(intent)
    try {
      const body = { ...intent.request, ...(proof !== undefined && { proof }) }
      this.#accept((await this.#api.send<ListedCommand>('POST', '/api/commands', body)).commandId)
    } catch (error) {
      if (isUnheard(error)) return this.#doubt(intent)
      this.#keeper.forget()
      this.#refuse(error, intent)
    }
  }

  async #prove({ request, requestHash: bodyHash }: Intent, password: string): Promise<string> {
    const purpose = { action: 'command', target: request.deviceId, bodyHash }
    return (await this.#api.send<{ proof: string }>('POST', '/api/auth/proof', { password, ...purpose })).proof
  }

  #accept(commandId: string): void {
    this.#keeper.forget()
    this.state.value = { at: 'accepted', commandId }
  }

  #doubt(intent: Intent): void {
    this.state.value = { at: 'unanswered', intent }
  }

  #refuse(error: unknown, intent: Intent | undefined): void {
    if (!(error instanceof ApiFault)) throw error
    this.state.value = { at: 'refused', intent, fault: error }
  }
}

/** Nobody answered, or something between here and the platform did: it may have been accepted all the same. */
const isUnheard = (error: unknown): boolean => error instanceof ApiFault && (error.status === 0 || error.status >= 500)
