const MachineDate = Date

/** The time of the recording. In this process everything that asks for the date gets it, function nodes among them. */
export class RecordedTime {
  #at: number
  #since: number | undefined

  constructor(at: number) {
    this.#at = at
  }

  now = (): number => this.#at + (this.#since === undefined ? 0 : Math.floor(performance.now() - this.#since))

  /** It is `at`, and stays so. */
  set(at: number): void {
    this.#at = at
    this.#since = undefined
  }

  /** From here on it goes as fast as the machine's. */
  goOn(): void {
    this.#at = this.now()
    this.#since = performance.now()
  }

  install(): void {
    const { now } = this
    globalThis.Date = new Proxy(MachineDate, {
      construct: (date, given, self) => Reflect.construct(date, given.length === 0 ? [now()] : given, self) as Date,
      apply: () => new MachineDate(now()).toString(),
      get: (date, name, self): unknown => (name === 'now' ? now : Reflect.get(date, name, self)),
    })
  }
}

/** Puts the machine's date back. */
export const uninstallRecordedTime = (): void => void (globalThis.Date = MachineDate)
