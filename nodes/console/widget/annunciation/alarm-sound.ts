import type { CallingPriority } from './calls.ts'

/** One beep: when it begins after the first one, s; how long it lasts, s; how high it is, Hz. */
interface Beep {
  readonly afterS: number
  readonly lastsS: number
  readonly hertz: number
}

const row = (count: number, everyS: number, beep: Omit<Beep, 'afterS'>, afterS = 0): Beep[] =>
  Array.from({ length: count }, (_, index) => ({ ...beep, afterS: afterS + index * everyS }))

/** Told apart by rhythm first, by pitch besides: not everybody hears pitch. Critical: two bursts of five; high: a burst of three. */
export const soundPatterns: Readonly<Record<CallingPriority, readonly Beep[]>> = {
  critical: [
    ...row(5, 0.16, { lastsS: 0.1, hertz: 988 }),
    ...row(5, 0.16, { lastsS: 0.1, hertz: 988 }, 1.3), // prettier-ignore
  ],
  high: row(3, 0.34, { lastsS: 0.2, hertz: 660 }),
}

/** A critical alarm that nobody acknowledges is heard again this often, ms. */
export const repeatCriticalMs = 20_000

/** The little of an audio context that beeps need. */
export interface Sounds {
  readonly state: string
  readonly currentTime: number
  readonly destination: object
  resume(): Promise<void>
  createOscillator(): {
    type: string
    readonly frequency: { value: number }
    connect(to: object): unknown
    start(at: number): void
    stop(at: number): void
  }
  createGain(): {
    readonly gain: {
      setValueAtTime(value: number, at: number): unknown
      linearRampToValueAtTime(value: number, at: number): unknown
    }
    connect(to: object): unknown
  }
}

const loudness = 0.25
/** A tone that begins or ends at once clicks. */
const rampS = 0.01

/** The sound of alarms. A browser lets a page sound only after somebody has touched it. */
export class AlarmSound {
  readonly #open: () => Sounds
  #sounds: Sounds | undefined
  #endsAtS = 0

  constructor(open: () => Sounds) {
    this.#open = open
  }

  /** Whether the browser lets this page be heard; a page that it does not let must say so. */
  get isBlocked(): boolean {
    return this.#context.state !== 'running'
  }

  /** Asks the browser to let it be heard: to be called when somebody touches the page. @returns whether it does */
  async unblock(): Promise<boolean> {
    if (this.isBlocked) await this.#context.resume()
    return !this.isBlocked
  }

  /** Sounds once; not while another one sounds. @returns whether it can be heard */
  sound(priority: CallingPriority): boolean {
    if (this.isBlocked) return false
    const context = this.#context
    const begin = context.currentTime
    if (begin < this.#endsAtS) return true
    for (const { afterS, lastsS, hertz } of soundPatterns[priority]) {
      const [from, until] = [begin + afterS, begin + afterS + lastsS]
      const tone = context.createOscillator()
      const volume = context.createGain()
      tone.type = 'triangle'
      tone.frequency.value = hertz
      volume.gain.setValueAtTime(0, from)
      volume.gain.linearRampToValueAtTime(loudness, from + rampS)
      volume.gain.setValueAtTime(loudness, until - rampS)
      volume.gain.linearRampToValueAtTime(0, until)
      tone.connect(volume)
      volume.connect(context.destination)
      tone.start(from)
      tone.stop(until)
      this.#endsAtS = until
    }
    return true
  }

  get #context(): Sounds {
    this.#sounds ??= this.#open()
    return this.#sounds
  }
}
