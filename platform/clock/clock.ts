/** The platform's time, UTC milliseconds. Everything that decides by time takes one, so that a test can hold it still. */
export interface Clock {
  now(): number
}

export const wallClock: Clock = { now: () => Date.now() }

/** Milliseconds since the process began; only differences mean something. For the machine's own pace: never set, never jumps. */
export const steadyClock: Clock = { now: () => performance.now() }
