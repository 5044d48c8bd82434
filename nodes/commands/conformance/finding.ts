/**
 * - `ok`: as the protocol has it
 * - `wrong`: against it
 * - `cannot`: the device lacks what it may lack; the platform then deals with it accordingly
 * - `untried`: it was not looked at
 */
export type Verdict = 'ok' | 'wrong' | 'cannot' | 'untried'

/** What came of a check, in one line. */
export interface Finding {
  readonly check: string
  readonly verdict: Verdict
  readonly text: string
}

export const ok = (check: string, text: string): Finding => ({ check, verdict: 'ok', text })
export const wrong = (check: string, text: string): Finding => ({ check, verdict: 'wrong', text })
export const cannot = (check: string, text: string): Finding => ({ check, verdict: 'cannot', text })
export const untried = (check: string, text: string): Finding => ({ check, verdict: 'untried', text })
