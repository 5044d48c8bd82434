import { AlarmSound } from './alarm-sound.ts'
import { HeardCalls } from './calls.ts'

/** Of this tab; both outlive the page, which Dashboard takes down when somebody looks at another. */
export const pageSound = new AlarmSound(() => new AudioContext())
export const pageCalls = new HeardCalls()
