import type { AccessEntry } from '../access/access-log.ts'

/** Something that the embedded broker did not let somebody do. */
export interface Refusal {
  readonly what: 'connection' | 'publication' | 'subscription'
  /** A user that is known; never what somebody typed as a name. */
  readonly user: string | undefined
  readonly client: string
  readonly address: string | undefined
  readonly topic: string | undefined
  /** One line in English. */
  readonly why: string
}

/** The same refusal, so many times within a second or so. */
export interface CountedRefusal extends Refusal {
  readonly times: number
}

/** Different ones at a time, at most: of more the number is told. */
const most = 50

/** Gathers refusals for a second, so that whoever tries over and over costs a line a second. */
export class GatheredRefusals {
  readonly #tell: (refusals: readonly CountedRefusal[]) => void
  readonly #everyMs: number
  #gathered = new Map<string, CountedRefusal>()
  #beyond = 0
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (refusals: readonly CountedRefusal[]) => void, everyMs = 1_000) {
    this.#tell = tell
    this.#everyMs = everyMs
  }

  add(refusal: Refusal): void {
    const { what, user, client, topic } = refusal
    const key = JSON.stringify([what, user, client, topic])
    const known = this.#gathered.get(key)
    if (known) this.#gathered.set(key, { ...known, times: known.times + 1 })
    else if (this.#gathered.size < most) this.#gathered.set(key, { ...refusal, times: 1 })
    else this.#beyond++
    if (!this.#timer) this.#timer = setTimeout(() => this.#flush(), this.#everyMs).unref()
  }

  #flush(): void {
    this.#timer = undefined
    const refusals = [...this.#gathered.values()]
    if (this.#beyond > 0) refusals.push(others(this.#beyond))
    this.#gathered = new Map()
    this.#beyond = 0
    this.#tell(refusals)
  }
}

const others = (times: number): CountedRefusal => ({
  ...{ what: 'connection', user: undefined, client: '', address: undefined, topic: undefined },
  why: 'more was refused than is listed',
  times,
})

/** The row of the access log for it. */
export const entryOfRefusal = ({ what, user, client, address, topic, why, times }: CountedRefusal): AccessEntry => ({
  event: 'mqtt_refused',
  username: user,
  address,
  subject: topic ?? client,
  detail: `${what}: ${why}${times > 1 ? `, ${times} times` : ''}`,
})
