import { toleranceKw } from '../domain/following.ts'
import type { Conversation } from './conversation.ts'
import { ok, untried, wrong, type Finding } from './finding.ts'
import type { Said } from './hearing.ts'
import { bodiesOf } from './reporting.ts'

/**
 * The retained setpoint, with nothing in it but `p_setpoint_kw`, and one that expires. Afterwards the device is as it was.
 * @param kw  a setpoint that does no harm
 */
export async function setpoint(talk: Conversation, kw: number | undefined): Promise<Finding> {
  const check = 'setpoint'
  if (kw === undefined) return untried(check, 'give --setpoint KW, for a device that follows one')
  const { line, now, reportWithinMs, withinMs, expiresAfterMs } = talk.options
  const before = await talk.hearing.first(0, (said) => (said.kind === 'control' && said.retained ? said : undefined), 0)
  const follows = (said: Said): true | undefined => (isMet(said, kw) ? true : undefined)
  try {
    await line.publish('control', JSON.stringify({ p_setpoint_kw: kw }))
    if (!(await talk.hearing.first(talk.hearing.mark, follows, reportWithinMs)))
      return wrong(check, `told ${kw} kW, it reports no such power`)
    const expiresAt = now() + expiresAfterMs
    const mark = talk.hearing.mark
    await line.publish('control', JSON.stringify({ p_setpoint_kw: kw, expires_at: new Date(expiresAt).toISOString() }))
    const falls = (said: Said): true | undefined =>
      said.at > expiresAt && said.kind === 'der' && !isMet(said, kw) ? true : undefined
    return (await talk.hearing.first(mark, falls, expiresAfterMs + withinMs + reportWithinMs))
      ? ok(check, `follows ${kw} kW, and falls back when a setpoint has expired`)
      : wrong(check, 'holds on to a setpoint that has expired')
  } finally {
    await line.publish('control', before?.payload ?? '')
  }
}

function isMet(said: Said, kw: number): boolean {
  if (said.kind !== 'der') return false
  const body = bodiesOf(said).at(-1) as { p_actual_kw?: unknown } | undefined
  if (targetOf(said) === kw) return true
  return typeof body?.p_actual_kw === 'number' && Math.abs(body.p_actual_kw - kw) <= toleranceKw(kw)
}

/** The setpoint that it says to follow. */
function targetOf(said: Said): unknown {
  const body = bodiesOf(said).at(-1)
  return typeof body === 'object' && body !== null && 'p_setpoint_kw' in body ? body.p_setpoint_kw : undefined
}
